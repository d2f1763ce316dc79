import { type BreakResult, breakLock } from '@singletrack/lockfile'

import type { GlobalArguments } from '../arguments.ts'
import type { BrokenLock } from '../documents/locks.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { answer } from './answer.ts'
import { holderText } from './holder-text.ts'
import { type Place, placeOf } from './known-locks.ts'
import { lockViews } from './lock-views.ts'
import type { LockBreakArguments } from './lock.command.ts'

interface Broken {
  readonly place: Place
  readonly result: BreakResult
}

/** Frees locks. Resolves with the exit code: 1 when a living holder keeps one. */
export async function lockBreak(args: GlobalArguments & LockBreakArguments): Promise<number> {
  const { lock, kill, force } = args
  if (lock === undefined && (kill || force))
    throw new Failure('USAGE', '--kill and --force need the name of the lock they are meant for')
  const places = lock === undefined ? await placesOfTheDead(args) : [await placeOf(args, lock)]
  const results: Broken[] = []
  for (const place of places) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure stops
    const result = await breakLock({ ...place, kill, ...(force ? { force } : {}) })
    results.push({ place, result })
  }
  answer(args, { type: 'locks-broken', locks: results.map(document) }, () =>
    results.length === 0 ? ['no lock is held by the dead'] : results.map(line),
  )
  return results.some(({ result }) => result.kind === 'refused')
    ? exitCodes.buildFailed
    : exitCodes.ok
}

async function placesOfTheDead(args: GlobalArguments): Promise<readonly Place[]> {
  const views = await lockViews(args)
  return views.flatMap(({ root, view }) =>
    view.kind === 'held' && view.verdict.kind === 'dead' ? [{ root, lock: view.lock }] : [],
  )
}

const document = ({ place, result }: Broken): BrokenLock => ({ ...place, ...result })

function line({ place: { lock }, result }: Broken): string {
  switch (result.kind) {
    case 'free':
      return `${lock} is free`
    case 'broken':
      return `broke ${lock}, ${HOW[result.how]} ${holderText(result.holder)}`
    case 'refused':
      return `${lock} is held by ${holderText(result.holder)}, which is ${result.verdict.kind}; --kill ends its build, --force takes the lock from it`
  }
}

const HOW = {
  dead: 'left by the dead',
  killed: 'after ending what was declared by',
  forced: 'by force, from',
} as const
