import type { Command } from '../command/command.ts'
import type { ProcessHandle, ProcessListener } from './process-handle.ts'
import { spawnGated } from './spawn-gated.ts'
import { spawnWords, wordsOf } from './spawn-words.ts'

/** Starts a real process: the default of `startJob`. */
export function spawnProcess(
  command: Command,
  listener: ProcessListener,
  signal: AbortSignal,
): ProcessHandle | Promise<ProcessHandle> {
  const options = command.options ?? {}
  if (options.gate !== undefined) return spawnGated(command, options.gate, listener, signal)
  const spawning = spawnWords(command, wordsOf(command), listener)
  return 'handle' in spawning ? spawning.handle : spawning.failure
}
