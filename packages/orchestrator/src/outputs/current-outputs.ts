import { type HashOutputsOptions, hashOutputs, type OutputsFingerprint } from './hash-outputs.ts'
import { outputsIdentity } from './outputs-identity.ts'

/**
 * The outputs as they are now. `known` is what they were at the last look; unless a file was
 * touched since, which inodes, sizes and times tell, nothing is read again.
 */
export async function currentOutputs(
  root: string,
  globs: readonly string[],
  known: OutputsFingerprint | null,
  options: HashOutputsOptions = {},
): Promise<OutputsFingerprint> {
  if (known?.kind === 'hashed' && (await outputsIdentity(root, globs)) === known.identity)
    return known
  return hashOutputs(root, globs, options)
}
