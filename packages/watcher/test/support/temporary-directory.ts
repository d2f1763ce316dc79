import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string
  /** Writes files by relative path; a name that ends with `/` makes a directory. */
  write(files: Readonly<Record<string, string>>): Promise<void>
}

/** A directory of its own for one test, gone afterwards. */
export function temporaryDirectory(
  files: Readonly<Record<string, string>> = {},
): Promise<TemporaryDirectory> {
  return makeDirectory(tmpdir(), files)
}

/** One for tens of thousands of files: in memory where there is such a place. */
export function largeTemporaryDirectory(): Promise<TemporaryDirectory> {
  return makeDirectory(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), {})
}

async function makeDirectory(
  parent: string,
  files: Readonly<Record<string, string>>,
): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(parent, 'singletrack-watcher-')))
  const directory: TemporaryDirectory = {
    path,
    async write(wanted) {
      for (const [name, content] of Object.entries(wanted)) {
        const file = join(path, name)
        await mkdir(name.endsWith('/') ? file : dirname(file), { recursive: true })
        if (!name.endsWith('/')) await writeFile(file, content)
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  await directory.write(files)
  return directory
}
