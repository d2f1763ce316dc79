import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { Workspace } from '../rig/workspace.ts'

const MAIN = fileURLToPath(new URL('../rig/pair-main.ts', import.meta.url))

/** Two processes that name the same two locks in opposite order; returns their exit codes. */
export async function pair(roundsEach: number): Promise<unknown[]> {
  using space = new Workspace()
  const ends = [
    ['a', 'b'],
    ['b', 'a'],
  ].map(async (locks) => {
    const child = fork(MAIN, [space.root, String(roundsEach), ...locks], { execArgv: [] })
    const [code]: unknown[] = await once(child, 'exit')
    return code
  })
  return await Promise.all(ends)
}
