import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Launch, type WorkspaceSpec, shellLine, watchedFolders } from './tool.ts'

/**
 * One process-compose with a `watch` for each function and a debounce of 50 ms, as short as that
 * of the others. Build and program are one command, as in its documentation.
 */
export function prepareProcessCompose(
  spec: WorkspaceSpec,
  processCompose: string,
): readonly Launch[] {
  const processes = Object.fromEntries(
    spec.functions.map((one) => {
      const run = `exec ${shellLine(one.run)}`
      const command = one.build === null ? run : `${shellLine(one.build.command)} && ${run}`
      const paths = watchedFolders(one, spec).map((path) => ({ path: `./${path}` }))
      return [one.name, { command, watch: { debounce: '50ms', paths } }]
    }),
  )
  // JSON is YAML.
  writeFileSync(join(spec.root, 'process-compose.yaml'), JSON.stringify({ processes }, null, 2))
  const log = join(spec.root, '.process-compose.log')
  return [{ command: [processCompose, 'up', '--tui=false', '--no-server', '--log-file', log] }]
}
