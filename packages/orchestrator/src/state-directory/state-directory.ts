import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder of everything Singletrack keeps in a workspace. */
export const STATE_DIRECTORY = '.singletrack'

/** Makes `<root>/.singletrack`, private to the user and ignored by git; resolves with its path. */
export async function stateDirectory(root: string): Promise<string> {
  const path = join(root, STATE_DIRECTORY)
  await mkdir(path, { recursive: true, mode: 0o700 })
  await writeFile(join(path, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  return path
}
