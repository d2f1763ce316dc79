import { constants } from 'node:os'

/** The documented exit codes; signals give 128 + their number. */
export const exitCodes = {
  ok: 0,
  buildFailed: 1,
  usage: 2,
  sessionHeld: 3,
  timedOut: 4,
  noSession: 5,
  lockLost: 70,
  /** Our own failure around a command that `exec` or `watch -- CMD` should run. */
  ownFailure: 125,
  notExecutable: 126,
  notFound: 127,
} as const

/** 128 + n, as shells report a program that a signal ended. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
