import { execFileSync } from 'node:child_process'
import path from 'node:path'

const EXTENSION = path.resolve(import.meta.dirname, '../../..')

/** Packs a folder with a manifest as a VSIX. */
export function packExtension(folder: string, vsix: string): void {
  const parameters = ['--no-dependencies', '--allow-missing-repository', '--skip-license']
  execFileSync(
    path.join(EXTENSION, 'node_modules/.bin/vsce'),
    ['package', ...parameters, '--out', vsix],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
}
