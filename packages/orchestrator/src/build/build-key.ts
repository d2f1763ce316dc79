import { createHash } from 'node:crypto'

import { type BuildTarget, byName } from './build-command.ts'

/**
 * What makes two invocations of `build` the same: the same targets with the same commands,
 * directories and environment. Others may join a running build with an equal key.
 */
export function buildKey(targets: readonly BuildTarget[]): string {
  const parts = targets
    .map(
      (target) =>
        [
          target.name,
          target.cwd,
          target.build.command,
          Object.entries(target.env).toSorted(byName),
        ] as const,
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify(['build', parts]))
    .digest('hex')
}
