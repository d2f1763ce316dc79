// Packs the VSIX the way it is published and checks what is in it: nothing missing, nothing that
// does not belong there, and no larger than it has to be.
import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const vsix = path.join(root, '.artifacts', 'singletrack.vsix')

/** Everything that users get. */
const FILES = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/extension.cjs',
  'dist/session/session-host.js',
  'dist/session/session-program.js',
  'dist/session/watchdog.js',
  'dist/singletrack.schema.json',
  'media/icon.png',
  'media/singletrack.svg',
  'package.json',
  'package.nls.json',
]
const MAX_VSIX_KB = 500

const vsce = (...parameters: readonly string[]): string =>
  execFileSync(path.join(root, 'node_modules/.bin/vsce'), parameters, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const found = vsce('ls', '--no-dependencies').trim().split('\n').toSorted()
if (found.join('\n') !== FILES.join('\n')) {
  throw new Error(`the VSIX would hold other files than it should:\n${found.join('\n')}`)
}
mkdirSync(path.dirname(vsix), { recursive: true })
vsce('package', '--no-dependencies', '--out', vsix)
const kilobytes = Math.round(statSync(vsix).size / 1024)
if (kilobytes > MAX_VSIX_KB) throw new Error(`the VSIX is larger than ${MAX_VSIX_KB} KB`)
process.stdout.write(`${path.relative(root, vsix)} ${kilobytes} KB, ${FILES.length} files\n`)
