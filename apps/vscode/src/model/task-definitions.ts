/** What `tasks.json` says of one of our tasks. */
export interface SingletrackTask {
  readonly type: 'singletrack'
  readonly task: 'build' | 'watch'
  /** `build` without targets builds all of them. */
  readonly targets?: readonly string[]
}

/** A definition from `tasks.json`, checked; `null` when it is not one of ours. */
export function parseTask(definition: Readonly<Record<string, unknown>>): SingletrackTask | null {
  const { type, task, targets } = definition
  if (type !== 'singletrack' || (task !== 'build' && task !== 'watch')) return null
  if (targets === undefined) return { type, task }
  if (!Array.isArray(targets) || !targets.every((name) => typeof name === 'string')) return null
  return { type, task, targets }
}

/** `build orders`, `build`, `watch`. The editor puts `singletrack: ` before it. */
export const taskName = ({ task, targets = [] }: SingletrackTask): string =>
  [task, ...targets].join(' ')

/** The arguments of the `singletrack` command. */
export const taskArguments = (task: SingletrackTask, root: string): readonly string[] => [
  task.task,
  '--root',
  root,
  // One line a problem, whatever tool has found it and whatever is built beside it.
  ...(task.task === 'build' ? ['--problems'] : []),
  ...(task.targets ?? []),
]

/**
 * The tasks that are offered: `watch`, `build`, and a build of each target by itself.
 */
export function offeredTasks(targets: readonly string[]): readonly SingletrackTask[] {
  return [
    { type: 'singletrack', task: 'watch' },
    { type: 'singletrack', task: 'build' },
    ...targets.map((name) => ({ type: 'singletrack', task: 'build', targets: [name] }) as const),
  ]
}

/**
 * The problem matchers of a task. A session reports the problems of its builds itself, and each
 * should be there once: none reads those of a build while a session runs, and that of `watch`, which
 * is a session, finds no problems but tells when it builds and when it rests.
 */
export function taskMatchers(task: SingletrackTask, sessionRuns: boolean): readonly string[] {
  if (task.task === 'watch') return ['$singletrack-watch']
  return sessionRuns ? [] : ['$singletrack']
}
