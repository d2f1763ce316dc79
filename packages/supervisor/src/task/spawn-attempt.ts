import type { FinishedState } from '../command-state.ts'
import type { Command } from '../command/command.ts'
import { describeCommand } from '../command/describe-command.ts'
import type { SpawnHook } from '../control/hooks.ts'
import { HookError, SpawnError } from '../errors.ts'
import type { ProcessHandle, ProcessListener, SpawnProcess } from '../process/process-handle.ts'
import { untilAborted } from './until-aborted.ts'

/** What came of an attempt to spawn. */
export type Attempt =
  | { readonly kind: 'spawned'; readonly handle: ProcessHandle; readonly command: Command }
  | { readonly kind: 'failed'; readonly error: SpawnError | HookError }
  | { readonly kind: 'aborted' }

export interface AttemptOptions {
  readonly command: Command
  readonly hook: SpawnHook | undefined
  readonly spawn: SpawnProcess
  readonly listener: ProcessListener
  readonly runId: number
  readonly previous: FinishedState | undefined
  readonly signal: AbortSignal
}

/**
 * Asks the spawn hook and spawns. Without a hook and a gate it is done when it returns; with one,
 * it returns a promise, which never rejects and settles at once when `signal` fires.
 */
export function attemptSpawn(options: AttemptOptions): Attempt | Promise<Attempt> {
  return options.hook === undefined
    ? spawnCommand(options, options.command)
    : afterHook(options, options.hook)
}

async function afterHook(options: AttemptOptions, hook: SpawnHook): Promise<Attempt> {
  const { command, previous, runId, signal } = options
  try {
    const context = { command, current: { kind: 'pending' }, previous, runId, signal } as const
    // Called in a promise, so that what it throws at once and what it rejects with are one.
    const hooked = await untilAborted(Promise.resolve(hook(context)), signal)
    if (hooked === 'aborted') return { kind: 'aborted' }
    return await spawnCommand(options, hooked.value ?? command)
  } catch (error) {
    return { kind: 'failed', error: new HookError('spawn hook', error) }
  }
}

function spawnCommand(options: AttemptOptions, command: Command): Attempt | Promise<Attempt> {
  try {
    const spawning = options.spawn(command, options.listener, options.signal)
    return 'then' in spawning
      ? spawnedLater(options, command, spawning)
      : { kind: 'spawned', handle: spawning, command }
  } catch (error) {
    return { kind: 'failed', error: toSpawnError(error, command) }
  }
}

async function spawnedLater(
  options: AttemptOptions,
  command: Command,
  spawning: Promise<ProcessHandle>,
): Promise<Attempt> {
  try {
    const spawned = await untilAborted(spawning, options.signal)
    if (spawned === 'aborted') {
      void killWhenSpawned(spawning)
      return { kind: 'aborted' }
    }
    return { kind: 'spawned', handle: spawned.value, command }
  } catch (error) {
    if (options.signal.aborted) return { kind: 'aborted' }
    return { kind: 'failed', error: toSpawnError(error, command) }
  }
}

/** Nobody waits for this process any more: its job is being deleted. */
async function killWhenSpawned(spawning: Promise<ProcessHandle>): Promise<void> {
  try {
    const handle = await spawning
    handle.signal('SIGKILL')
  } catch {
    // It was never spawned, which is what was wanted, or cannot be killed, and nobody is left to tell.
  }
}

function toSpawnError(error: unknown, command: Command): SpawnError {
  if (error instanceof SpawnError) return error
  const description = describeCommand(command)
  const reason = error instanceof Error ? error.message : String(error)
  return new SpawnError(`cannot start ${description}: ${reason}`, {
    command: description,
    cwd: command.options?.cwd ?? process.cwd(),
    cause: error,
  })
}
