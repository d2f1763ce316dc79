import { readdir, lstat } from 'node:fs/promises'
import { join } from 'node:path'

import picomatch from 'picomatch'

import type { Target } from '../configuration/index.ts'

/** Never inputs, and large. */
const PASSED_OVER = new Set(['node_modules', '.git', '.singletrack'])

/**
 * When the files that these targets watch were last changed, in epoch milliseconds; 0 when there
 * are none. Outputs do not count. A file that vanishes meanwhile is passed over.
 */
export async function newestInput(root: string, targets: readonly Target[]): Promise<number> {
  const globs = [...new Set(targets.flatMap(({ watch }) => watch))]
  if (globs.length === 0) return 0
  const isInput = picomatch(globs.map(expandDirectory).flat(), { dot: true })
  const isOutput = picomatch(
    targets.flatMap(({ outputs }) => outputs),
    { dot: true },
  )
  let newest = 0
  const walk = async (directory: string): Promise<void> => {
    const entries = await readdir(join(root, directory), { withFileTypes: true }).catch(() => [])
    await Promise.all(
      entries.map(async (entry) => {
        const path = directory === '' ? entry.name : `${directory}/${entry.name}`
        if (entry.isDirectory()) {
          if (!PASSED_OVER.has(entry.name)) await walk(path)
        } else if (isInput(path) && !isOutput(path)) {
          const stats = await lstat(join(root, path)).catch(() => null)
          if (stats !== null) newest = Math.max(newest, stats.mtimeMs)
        }
      }),
    )
  }
  await walk('')
  return newest
}

/** A pattern without magic names a file, or a directory with everything in it. */
const expandDirectory = (glob: string): readonly string[] =>
  picomatch.scan(glob).isGlob ? [glob] : [glob, `${glob}/**`]
