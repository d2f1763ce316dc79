import { type Launch, type WorkspaceSpec, shellLine, watchedFolders } from './tool.ts'

/** A watchexec for each function, without a shell where it needs none. */
export function prepareWatchexec(spec: WorkspaceSpec, watchexec: string): readonly Launch[] {
  return spec.functions.map((one) => {
    const watch = watchedFolders(one, spec).flatMap((folder) => ['--watch', folder])
    const command: readonly string[] =
      one.build === null
        ? ['--shell=none', '--', ...one.run]
        : ['--', `${shellLine(one.build.command)} && exec ${shellLine(one.run)}`]
    return { command: [watchexec, '--restart', '--quiet', ...watch, ...command] }
  })
}
