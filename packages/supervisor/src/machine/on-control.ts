import type { Input } from './input.ts'
import type { After, KillingPhase, Phase, StoppingPhase } from './phase.ts'
import { type Step, beginStop, kill, settle, spawn, stay, unexpected } from './step.ts'

type ControlInput<T, Kind extends Input<T>['kind']> = Extract<Input<T>, { kind: Kind }>

export function onStart<T>(phase: Phase<T>, ticket: T): Step<T> {
  switch (phase.kind) {
    case 'pending':
    case 'finished':
      return spawn([ticket], 'start')
    case 'running':
      return skip(phase, ticket)
    case 'spawning':
    case 'lingering':
    case 'stopping':
    case 'killing':
    case 'dead':
      return unexpected(phase, 'start')
  }
}

export function onStop<T>(phase: Phase<T>, input: ControlInput<T, 'stop'>, now: number): Step<T> {
  const tickets = input.ticket === undefined ? [] : [input.ticket]
  switch (phase.kind) {
    case 'pending':
    case 'finished':
      return { phase, effects: settle(tickets, skipped(phase)) }
    case 'running':
    case 'lingering': {
      const living = { ...phase, waiters: [...phase.waiters, ...tickets] }
      return beginStop(living, input.grace, { kind: 'rest' }, 'stop', now)
    }
    case 'stopping':
    case 'killing': {
      const { after, effects } = withoutRespawn(phase.after)
      const step = escalate({ ...phase, after }, input.grace, 'always', now)
      return {
        phase: withWaiters(step.phase, tickets),
        effects: [...effects, ...step.effects],
      }
    }
    case 'spawning':
    case 'dead':
      return unexpected(phase, 'stop')
  }
}

export function onRestart<T>(
  phase: Phase<T>,
  input: ControlInput<T, 'restart'>,
  now: number,
): Step<T> {
  const respawn: After<T> = { kind: 'respawn', tickets: input.tickets, open: true }
  switch (phase.kind) {
    case 'pending':
    case 'finished':
      return input.onlyIfRunning
        ? { phase, effects: settle(input.tickets, skipped(phase)) }
        : spawn(input.tickets, 'restart')
    case 'running':
    case 'lingering':
      return beginStop(phase, input.grace, respawn, 'restart', now)
    case 'stopping':
    case 'killing': {
      const joined: After<T> =
        phase.after.kind === 'respawn'
          ? { ...respawn, tickets: [...phase.after.tickets, ...input.tickets] }
          : respawn
      return escalate({ ...phase, after: joined }, input.grace, 'newSignals', now)
    }
    case 'spawning':
    case 'dead':
      return unexpected(phase, 'restart')
  }
}

export function onSignal<T>(phase: Phase<T>, input: ControlInput<T, 'signal'>): Step<T> {
  switch (phase.kind) {
    case 'pending':
    case 'finished':
      return skip(phase, input.ticket)
    case 'running':
    case 'lingering':
    case 'stopping':
    case 'killing':
      return { phase, effects: [{ kind: 'signal', signal: input.signal, ticket: input.ticket }] }
    case 'spawning':
    case 'dead':
      return unexpected(phase, 'signal')
  }
}

export function onToWait<T>(phase: Phase<T>, ticket: T): Step<T> {
  switch (phase.kind) {
    case 'pending':
    case 'finished':
    case 'dead':
      return skip(phase, ticket)
    case 'spawning':
    case 'running':
    case 'lingering':
    case 'stopping':
    case 'killing':
      return stay(withWaiters(phase, [ticket]))
  }
}

export function onDelete<T>(
  phase: Phase<T>,
  input: ControlInput<T, 'delete'>,
  now: number,
): Step<T> {
  const tickets = [input.ticket]
  switch (phase.kind) {
    case 'pending':
    case 'finished':
    case 'dead':
      return { phase: { kind: 'dead' }, effects: settle(tickets, { status: 'done' }) }
    case 'spawning': {
      const deletion = {
        grace: phase.deletion === undefined ? input.grace : undefined,
        tickets: [...(phase.deletion?.tickets ?? []), ...tickets],
      }
      return { phase: { ...phase, deletion }, effects: [{ kind: 'abortSpawn' }] }
    }
    case 'running':
    case 'lingering':
      return beginStop(phase, input.grace, { kind: 'end', tickets }, 'delete', now)
    case 'stopping':
    case 'killing': {
      const { after: before, effects } = withoutRespawn(phase.after)
      const after: After<T> = {
        kind: 'end',
        tickets: before.kind === 'end' ? [...before.tickets, ...tickets] : tickets,
      }
      // In its turn, a deletion lets the stop before it take its time; an urgent one does not.
      const ending = { ...phase, after }
      const step = input.urgent ? escalate(ending, input.grace, 'newSignals', now) : stay(ending)
      return { phase: step.phase, effects: [...effects, ...step.effects] }
    }
  }
}

/** A further wish to end a run that is ending: the shorter deadline wins. */
function escalate<T>(
  phase: StoppingPhase<T> | KillingPhase<T>,
  grace: Extract<Input<T>, { kind: 'stop' }>['grace'],
  send: 'always' | 'newSignals',
  now: number,
): Step<T> {
  if (phase.kind === 'killing') return stay(phase)
  if (grace === undefined) return kill(phase, phase.after, 'stop', now)
  const deadline = Math.min(phase.deadline, now + grace.graceMs)
  // Restarts that coalesce are one restart: many programs take a second SIGINT for "now!".
  if (send === 'newSignals' && grace.signal === phase.signal) return stay({ ...phase, deadline })
  return {
    phase: { ...phase, deadline, signal: grace.signal },
    effects: [{ kind: 'stopSignal', signal: grace.signal, reason: 'stop' }],
  }
}

function withoutRespawn<T>(
  after: After<T>,
): Pick<Step<T>, 'effects'> & { readonly after: After<T> } {
  if (after.kind !== 'respawn') return { after, effects: [] }
  return { after: { kind: 'rest' }, effects: settle(after.tickets, { status: 'aborted' }) }
}

function withWaiters<T>(phase: Phase<T>, tickets: readonly T[]): Phase<T> {
  return 'waiters' in phase ? { ...phase, waiters: [...phase.waiters, ...tickets] } : phase
}

function skip<T>(phase: Phase<T>, ticket: T): Step<T> {
  return { phase, effects: settle([ticket], skipped(phase)) }
}

function skipped<T>(phase: Phase<T>): Parameters<typeof settle>[1] {
  return phase.kind === 'finished'
    ? { status: 'skipped', end: phase.state.end }
    : { status: 'skipped' }
}
