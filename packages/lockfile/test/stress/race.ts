import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { acquire } from '../../src/index.ts'
import { formatGeneration } from '../../src/names/generation.ts'
import { completeSystem } from '../../src/system/system.ts'
import { Workspace } from '../rig/workspace.ts'

/** What came of many rounds in which everybody wants the baton of one dead holder. */
export interface RaceReport {
  readonly rounds: number
  /** Rounds with exactly one winner, who took over from the dead and whose name is on the baton. */
  readonly decided: number
}

interface Result {
  readonly won: string | null
  readonly tookOver: boolean
}

const MAIN = fileURLToPath(new URL('../rig/race-main.ts', import.meta.url))

/** Lets `racers` processes at the baton of a dead holder at once, again and again. */
export async function race(racers: number, rounds: number): Promise<RaceReport> {
  using space = new Workspace()
  await (await acquire({ root: space.root })).release()
  const children = Array.from({ length: racers }, () => fork(MAIN, [space.root], { execArgv: [] }))
  try {
    await Promise.all(children.map(async (child) => once(child, 'message')))
    let decided = 0
    for (let round = 0; round < rounds; round += 1) {
      leaveToTheDead(space)
      const winners = (await all(children, 'go')).filter(({ won }) => won !== null)
      const [winner] = winners
      const isNamed = space.baton().endsWith(winner?.won ?? 'nobody')
      if (winners.length === 1 && winner?.tookOver === true && isNamed) decided += 1
      await all(children, 'release')
    }
    return { rounds, decided }
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

/** Our own pid with a start time that is not ours: a holder that is certainly dead. */
function leaveToTheDead(space: Workspace): void {
  const [, gen = ''] = space.baton().split('.')
  const next = formatGeneration(BigInt(Number.parseInt(gen, 36)) + 1n)
  const { where } = completeSystem().identity
  const dead = `h.${next}.${where}.${process.pid}.1.${'d'.repeat(16)}`
  renameSync(space.batonPath(), join(space.locks, 'build', dead))
}

async function all(children: readonly ChildProcess[], word: 'go' | 'release'): Promise<Result[]> {
  const results = children.map(async (child) => answer(child))
  for (const child of children) child.send(word)
  return Promise.all(results)
}

function answer(child: ChildProcess): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('a racer ended by itself'))
    child.once('exit', onExit)
    child.once('message', (result: Result) => {
      child.off('exit', onExit)
      resolve(result)
    })
  })
}
