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
 * The problem matchers of a task. None while a session runs: it reports the problems of its builds
 * itself, and each should be there once.
 */
export function taskMatchers(task: SingletrackTask, sessionRuns: boolean): readonly string[] {
  if (sessionRuns) return []
  return task.task === 'watch' ? ['$singletrack-watch'] : ['$singletrack', '$singletrack-tsc']
}
