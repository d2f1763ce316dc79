import type { Launch, WorkspaceSpec } from './tool.ts'

/**
 * A `node --watch` for each function. It follows what the program imports, so a build stands
 * beside it as a watcher of its own; where the whole workspace counts it is told so.
 */
export function prepareNodeWatch(spec: WorkspaceSpec): readonly Launch[] {
  return spec.functions.flatMap(({ run: [program, ...args], build }) => {
    const how = spec.watchesEverything ? ['--watch-path=.'] : ['--watch']
    const launch: Launch = { command: [program, ...how, '--watch-preserve-output', ...args] }
    if (build === null) return [launch]
    const [builder, ...options] = build.command
    // As a watcher it ends with its standard input unless it is told otherwise.
    return [{ command: [builder, ...options, '--watch=forever'] }, launch]
  })
}
