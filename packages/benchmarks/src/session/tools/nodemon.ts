import { createRequire } from 'node:module'

import { type Launch, type WorkspaceSpec, shellLine, watchedFolders } from './tool.ts'

const require = createRequire(import.meta.url)

/** Where its command is. */
export const NODEMON: string = require.resolve('nodemon/bin/nodemon.js')

/** A nodemon for each function; a build goes before the program in its `--exec`. */
export function prepareNodemon(spec: WorkspaceSpec): readonly Launch[] {
  return spec.functions.map((one) => {
    const watch = watchedFolders(one, spec).flatMap((folder) => ['--watch', folder])
    const exec =
      one.build === null
        ? shellLine(one.run)
        : `${shellLine(one.build.command)} && ${shellLine(one.run)}`
    const options = ['--quiet', ...watch, '--ext', 'mjs,ts,rs,txt', '--exec', exec]
    return { command: [process.execPath, NODEMON, ...options] }
  })
}
