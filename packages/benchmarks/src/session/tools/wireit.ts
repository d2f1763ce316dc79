import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { type Launch, type WorkspaceSpec, shellLine, watchedFolders } from './tool.ts'

const require = createRequire(import.meta.url)

/** Where its command is. */
export const WIREIT: string = join(dirname(require.resolve('wireit/package.json')), 'bin/wireit.js')

/**
 * One `wireit` in watch mode. Each function is a service, its build a script that the service
 * depends on, as its documentation has it.
 */
export function prepareWireit(spec: WorkspaceSpec): readonly Launch[] {
  const scripts: Record<string, object> = {}
  for (const one of spec.functions) {
    const files = watchedFolders(one, spec).map((folder) => join(folder, '**'))
    scripts[one.name] =
      one.build === null
        ? { command: shellLine(one.run), service: true, files }
        : {
            command: shellLine(one.run),
            service: true,
            files: [],
            dependencies: [`build:${one.name}`],
          }
    if (one.build === null) continue
    const { command, output } = one.build
    // What it wrote before is overwritten, not deleted: some builds go on from there.
    const script = { command: shellLine(command), files, output: [output], clean: false }
    scripts[`build:${one.name}`] = script
  }
  const names = spec.functions.map(({ name }) => name)
  const manifest = {
    name: 'benchmark',
    type: 'module',
    scripts: Object.fromEntries(['all', ...Object.keys(scripts)].map((name) => [name, 'wireit'])),
    wireit: { all: { dependencies: names }, ...scripts },
  }
  writeFileSync(join(spec.root, 'package.json'), JSON.stringify(manifest, null, 2))
  return [
    {
      command: [process.execPath, WIREIT],
      env: {
        // What `npm run all` says to the scripts it starts, without its own processes around it.
        npm_lifecycle_event: 'all',
        npm_package_json: join(spec.root, 'package.json'),
        npm_config_user_agent: 'npm/11.0.0',
        WIREIT_WATCH: 'true',
        WIREIT_CACHE: 'none',
        WIREIT_LOGGER: 'simple',
      },
    },
  ]
}
