import type { HookError, SpawnError } from '../errors.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { TicketOutcome } from '../ticket.ts'
import type { Input } from './input.ts'
import type { After, FinishedPhase, Phase, Run } from './phase.ts'
import { type Step, beginStop, kill, settle, spawn, stay, unexpected } from './step.ts'

export function onSpawned<T>(phase: Phase<T>, run: Run, now: number): Step<T> {
  if (phase.kind !== 'spawning') return unexpected(phase, 'spawned')
  const { deletion, starters, waiters } = phase
  if (deletion === undefined) {
    return {
      phase: { kind: 'running', run, waiters },
      effects: settle(starters, { status: 'done' }),
    }
  }
  const after: After<T> = { kind: 'end', tickets: deletion.tickets }
  const step = beginStop({ run, waiters }, deletion.grace, after, 'delete', now)
  return { phase: step.phase, effects: [...settle(starters, aborted), ...step.effects] }
}

export function onSpawnFailed<T>(phase: Phase<T>, error: SpawnError | HookError): Step<T> {
  if (phase.kind !== 'spawning') return unexpected(phase, 'spawnFailed')
  const outcome: TicketOutcome =
    error.code === 'SPAWN_FAILED'
      ? { status: 'failed', error, end: { kind: 'spawnFailed', error } }
      : { status: 'failed', error }
  return withoutProcess(phase, outcome)
}

export function onSpawnAborted<T>(phase: Phase<T>): Step<T> {
  if (phase.kind !== 'spawning') return unexpected(phase, 'spawnAborted')
  return withoutProcess(phase, aborted)
}

export function onLeaderEnded<T>(phase: Phase<T>, end: ProcessEnd, now: number): Step<T> {
  switch (phase.kind) {
    case 'running':
      return stay({
        kind: 'lingering',
        run: phase.run,
        end,
        waiters: phase.waiters,
        deadline: now + phase.run.lingerMs,
      })
    case 'stopping':
    case 'killing':
      return stay({ ...phase, end })
    case 'pending':
    case 'spawning':
    case 'lingering':
    case 'finished':
    case 'dead':
      return unexpected(phase, 'leaderEnded')
  }
}

export function onOver<T>(
  phase: Phase<T>,
  input: Extract<Input<T>, { kind: 'over' }>,
  now: number,
): Step<T> {
  switch (phase.kind) {
    case 'running':
    case 'lingering':
      return finish(phase, input, { kind: 'rest' }, now)
    case 'stopping':
    case 'killing':
      return finish(phase, input, phase.after, now)
    case 'pending':
    case 'spawning':
    case 'finished':
    case 'dead':
      return unexpected(phase, 'over')
  }
}

export function onExpired<T>(phase: Phase<T>, now: number): Step<T> {
  switch (phase.kind) {
    case 'lingering': {
      const grace = { signal: 'SIGTERM', graceMs: phase.run.graceMs } as const
      return beginStop(phase, grace, { kind: 'rest' }, 'linger', now)
    }
    case 'stopping':
      return kill(phase, phase.after, 'grace', now)
    case 'killing':
      return {
        phase: { ...phase, deadline: Number.POSITIVE_INFINITY },
        effects: [{ kind: 'giveUp' }],
      }
    case 'pending':
    case 'spawning':
    case 'running':
    case 'finished':
    case 'dead':
      return stay(phase)
  }
}

export function onStopSignalFailed<T>(phase: Phase<T>, now: number): Step<T> {
  // After a failed SIGKILL there is nothing stronger; its deadline decides.
  return phase.kind === 'stopping' ? kill(phase, phase.after, 'signalFailed', now) : stay(phase)
}

const aborted: TicketOutcome = { status: 'aborted' }

function withoutProcess<T>(
  phase: Extract<Phase<T>, { kind: 'spawning' }>,
  outcome: TicketOutcome,
): Step<T> {
  const effects = settle([...phase.starters, ...phase.waiters], outcome)
  if (phase.deletion === undefined) return { phase: { kind: 'pending' }, effects }
  return {
    phase: { kind: 'dead' },
    effects: [...effects, ...settle(phase.deletion.tickets, { status: 'done' })],
  }
}

function finish<T>(
  living: { readonly run: Run; readonly waiters: readonly T[] },
  { end, leftovers }: { readonly end: ProcessEnd; readonly leftovers: readonly number[] },
  after: After<T>,
  now: number,
): Step<T> {
  const { runId, pid, startedAt } = living.run
  const finished: FinishedPhase = {
    kind: 'finished',
    state: { kind: 'finished', runId, pid, end, startedAt, finishedAt: now, leftovers },
  }
  const effects = [
    { kind: 'finished', state: finished.state } as const,
    ...settle(living.waiters, { status: 'done', end }),
  ]
  switch (after.kind) {
    case 'rest':
      return { phase: finished, effects }
    case 'respawn': {
      const next = spawn(after.tickets, 'restart')
      return { phase: next.phase, effects: [...effects, ...next.effects] }
    }
    case 'end':
      return {
        phase: { kind: 'dead' },
        effects: [...effects, ...settle(after.tickets, { status: 'done', end })],
      }
  }
}
