import type { Finding } from './finding.ts'
import { clock, fileSystem, versions, watchLimits } from './machine.ts'
import { cargo, leftovers, locks } from './workspace-state.ts'

/**
 * Looks at everything that commonly keeps a session from working well in `root`. Changes nothing
 * but for a probe in the temporary folder.
 */
export async function examine(root: string, version: string): Promise<readonly Finding[]> {
  return [
    versions(version),
    watchLimits(),
    fileSystem(root),
    await clock(),
    ...(await locks(root, Date.now())),
    await leftovers(root),
    ...cargo(root),
  ]
}
