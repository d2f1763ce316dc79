import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { type FunctionSpec, type Launch, type WorkspaceSpec, watchedFolders } from './tool.ts'

/** The command as it is shipped: what the build made, not its source. */
export const SINGLETRACK: string = fileURLToPath(
  new URL('../../../../../apps/cli/dist/main.js', import.meta.url),
)

export const isBuilt = (): boolean => existsSync(SINGLETRACK)

/** One session for all functions, with its defaults. */
export function prepareSingletrack(spec: WorkspaceSpec): readonly Launch[] {
  const targets = Object.fromEntries(spec.functions.map((one) => [one.name, targetOf(one, spec)]))
  writeFileSync(join(spec.root, 'singletrack.jsonc'), JSON.stringify({ targets }, null, 2))
  return [{ command: [process.execPath, SINGLETRACK, 'watch', '--json'] }]
}

/** Where a session that prints its events says that functions are invoked. */
export function singletrackEndpoint(_: WorkspaceSpec, output: string): string | null {
  return /"type":"listening","url":"([^"]+)"/.exec(output)?.[1] ?? null
}

function targetOf(one: FunctionSpec, spec: WorkspaceSpec): object {
  const { build, run, port } = one
  // The preset knows what the program is made from, how it is built, and where it lies then.
  if (spec.cargo === 'programs') return { extends: 'cargo' }
  if (spec.cargo === 'lambda-functions') return { extends: 'cargo-lambda' }
  return {
    watch: watchedFolders(one, spec).map((folder) => (folder === '.' ? '**' : `${folder}/**`)),
    ...(build === null ? {} : { build: { command: build.command, outputs: [build.output] } }),
    run: port === null ? run : { command: run, port },
  }
}
