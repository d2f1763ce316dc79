import type { TargetState } from '@singletrack/orchestrator'

/** What a person may do to a target now. */
export type TargetAction = 'start' | 'stop' | 'restart' | 'build' | 'debug' | 'open'

/** The actions that make sense in the target's state, in the order they are shown. */
export function targetActions(target: TargetState): readonly TargetAction[] {
  const actions: TargetAction[] = []
  if (canStart(target)) actions.push('start')
  if (hasProcess(target)) actions.push('restart')
  if (canStop(target)) actions.push('stop')
  if (target.build.kind !== 'none') actions.push('build')
  if (hasProcess(target)) actions.push('debug')
  if (target.link !== null && hasProcess(target)) actions.push('open')
  return actions
}

const hasRun = ({ run }: TargetState): boolean => run.kind !== 'none' && run.kind !== 'external'

function hasProcess({ run }: TargetState): boolean {
  return run.kind === 'ready' || run.kind === 'not-ready' || run.kind === 'starting'
}

function canStart(target: TargetState): boolean {
  if (!hasRun(target) || hasProcess(target)) return false
  return !target.wanted || target.run.kind === 'completed' || isDown(target)
}

/** Down, and only a change or a person brings it back. */
const isDown = ({ run }: TargetState): boolean => run.kind === 'crashed' && run.restartAt === null

function canStop(target: TargetState): boolean {
  if (!hasRun(target)) return false
  return hasProcess(target) || (target.wanted && !isDown(target) && target.run.kind !== 'completed')
}
