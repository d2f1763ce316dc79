import { createHash } from 'node:crypto'

import { fileIdentity } from './digest-cache.ts'
import { findOutputs } from './find-outputs.ts'

/**
 * A value that changes when any output is written, replaced, added or removed, without reading
 * contents: inodes, sizes and times. For the check right before a program is started.
 */
export async function outputsIdentity(root: string, globs: readonly string[]): Promise<string> {
  const { files } = await findOutputs(root, globs)
  const hash = createHash('sha256')
  for (const { path, link, stats } of files) {
    hash.update(`${JSON.stringify([path, link, fileIdentity(stats)])}\n`)
  }
  return hash.digest('hex')
}
