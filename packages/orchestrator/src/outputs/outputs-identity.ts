import { createHash } from 'node:crypto'

import { fileIdentity } from './digest-cache.ts'
import { findOutputs, type OutputFile } from './find-outputs.ts'

/**
 * A value that changes when any output is written, replaced, added or removed, without reading
 * contents: inodes, sizes and times. For the check right before a program is started.
 */
export async function outputsIdentity(root: string, globs: readonly string[]): Promise<string> {
  const { files } = await findOutputs(root, globs)
  return identityOf(files)
}

/** The same of files that have been found. */
export function identityOf(files: readonly OutputFile[]): string {
  const hash = createHash('sha256')
  for (const { path, link, stats } of files) {
    hash.update(`${JSON.stringify([path, link, fileIdentity(stats)])}\n`)
  }
  return hash.digest('hex')
}
