import { repair } from '@singletrack/lockfile'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import { placeOf } from './known-locks.ts'
import type { LockNameArguments } from './lock.command.ts'

/** Mends a damaged lock directory. Resolves with the exit code. */
export async function lockRepair(args: GlobalArguments & LockNameArguments): Promise<number> {
  const { lock = 'build' } = args
  const place = await placeOf(args, lock)
  const { moved, to } = await repair(place)
  answer(args, { type: 'lock-repaired', ...place, moved, to }, () => [
    to === null
      ? `nothing is wrong with ${lock}`
      : `repaired ${lock}: moved ${moved.join(', ')} to ${to}`,
  ])
  return exitCodes.ok
}
