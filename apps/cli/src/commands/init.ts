import { existsSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { answer } from './answer.ts'
import { detect } from './detect.ts'
import { workspaceRoot } from './workspace-root.ts'

const LOCAL_FILE = 'singletrack.local.jsonc'

/** Writes the configuration that detection stands for. Resolves with the exit code. */
export async function init(args: GlobalArguments): Promise<number> {
  const root = workspaceRoot(args)
  const file = join(root, args.config ?? 'singletrack.jsonc')
  const { text, workspace } = await detect(root)
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new Failure(
      'CONFIGURATION_EXISTS',
      `${relative(process.cwd(), file)} is there already; edit it, or remove it first`,
    )
  })
  const ignored = await ignoreLocalFile(root)
  const targets = [...workspace.targets.keys()]
  answer(args, { type: 'init', file, targets, ignored }, () => [
    `wrote ${relative(process.cwd(), file)} with ${targets.join(', ')}`,
    ...(ignored ? [`added ${LOCAL_FILE} to .gitignore`] : []),
    'start with "singletrack watch"',
  ])
  return exitCodes.ok
}

/** Personal settings are nobody else's; only where there is such a file does git hear of it. */
async function ignoreLocalFile(root: string): Promise<boolean> {
  if (!existsSync(join(root, LOCAL_FILE))) return false
  const path = join(root, '.gitignore')
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.split('\n').some((line) => line.trim().replace(/^\//, '') === LOCAL_FILE)) return false
  await appendFile(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${LOCAL_FILE}\n`)
  return true
}
