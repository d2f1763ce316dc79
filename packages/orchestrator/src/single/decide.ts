import { type Changes, mergeChanges } from './changes.ts'

/** What a change means while the command runs. */
export type OnBusy = 'restart' | 'queue' | 'ignore' | 'signal'

export interface Rules {
  readonly onBusy: OnBusy
  /** The first run that fails by itself ends everything. */
  readonly exitOnError: boolean
}

/**
 * The life of a watched command. At most one run exists outside `idle` and `ended`.
 *
 *  idle ──begin, changed──► admitting ──admitted──► spawning ──spawned──► running ──gone──► idle
 *                                                   spawning ──not-spawned────────────────► idle
 *  running ──changed──► replacing ──gone──► admitting            (restart)
 *  running ──changed──► running, pending ──gone──► admitting     (queue)
 *  idle ──end──► ended;  all others ──end──► ending ──gone──► ended
 */
export type State =
  | { readonly kind: 'idle' }
  /** A run waits for the locks it uses. What changes now is still part of it. */
  | { readonly kind: 'admitting'; readonly changes: Changes | null }
  /** `pending`: changed too late to be surely seen by the program that is being spawned. */
  | { readonly kind: 'spawning'; readonly pending: Changes | null }
  /** `pending`: one more run is due when this one is over. */
  | { readonly kind: 'running'; readonly pending: Changes | null }
  /** The run is being stopped to make room for the next. */
  | { readonly kind: 'replacing'; readonly pending: Changes }
  | { readonly kind: 'ending' }
  | { readonly kind: 'ended' }

export type Input =
  /** Every change from now on will be told. `run`: do not wait for the first one. */
  | { readonly kind: 'begin'; readonly run: boolean }
  | { readonly kind: 'changed'; readonly changes: Changes }
  | { readonly kind: 'admitted' }
  | { readonly kind: 'spawned' }
  /** `final`: it never ran, so no change is expected to mend it. */
  | { readonly kind: 'not-spawned'; readonly final: boolean }
  /** No process of the run is left; or an admission has been withdrawn. */
  | { readonly kind: 'gone'; readonly failed: boolean }
  /** Somebody else may use what the run uses: its locks are gone. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'end' }

export type Action =
  | { readonly kind: 'admit' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'spawn'; readonly changes: Changes | null }
  /** Stop the run to make room for the next. */
  | { readonly kind: 'replace'; readonly changes: Changes }
  | { readonly kind: 'signal'; readonly changes: Changes }
  | { readonly kind: 'tell'; readonly what: 'queued' | 'ignored'; readonly changes: Changes }
  | { readonly kind: 'finish'; readonly reason: FinishReason }

/** `asked`: somebody ended it. `failed`: the command did, and that was to be the end. */
export type FinishReason = 'asked' | 'failed' | 'not-started'

export interface Decision {
  readonly state: State
  readonly actions: readonly Action[]
}

export const initialState: State = { kind: 'idle' }

/** What happens next. Pure: time, processes and files are elsewhere. */
export function decide(state: State, input: Input, rules: Rules): Decision {
  switch (input.kind) {
    case 'begin':
      return state.kind === 'idle' && input.run ? admit(null) : stay(state)
    case 'changed':
      return onChanged(state, input.changes, rules)
    case 'admitted':
      if (state.kind !== 'admitting') return impossible(state, input)
      return {
        state: { kind: 'spawning', pending: null },
        actions: [{ kind: 'spawn', changes: state.changes }],
      }
    case 'spawned':
      return onSpawned(state, input, rules)
    case 'not-spawned':
      return onNotSpawned(state, input)
    case 'gone':
      return onGone(state, input, rules)
    case 'lost':
      return onLost(state)
    case 'end':
      return onEnd(state)
  }
}

function onChanged(state: State, changes: Changes, rules: Rules): Decision {
  switch (state.kind) {
    case 'idle':
      return admit(changes)
    case 'admitting':
      // The first run is of everything, whatever changes before it begins.
      return stay({ ...state, changes: state.changes && mergeChanges(state.changes, changes) })
    case 'spawning':
      // What is told now happened before the program's first line, so it will see it. Where a run
      // more costs nothing but time it is run again all the same; a signal could hit a program
      // that does not yet listen to it.
      if (rules.onBusy === 'ignore' || rules.onBusy === 'signal') return stay(state)
      return stay({ kind: 'spawning', pending: mergeChanges(state.pending, changes) })
    case 'running':
      return onBusy(state, changes, rules.onBusy)
    case 'replacing':
      return stay({ kind: 'replacing', pending: mergeChanges(state.pending, changes) })
    case 'ending':
    case 'ended':
      return stay(state)
  }
}

function onBusy(
  state: State & { readonly kind: 'running' },
  changes: Changes,
  rule: OnBusy,
): Decision {
  switch (rule) {
    case 'restart':
      return {
        state: { kind: 'replacing', pending: mergeChanges(state.pending, changes) },
        actions: [{ kind: 'replace', changes }],
      }
    case 'queue':
      return {
        state: { kind: 'running', pending: mergeChanges(state.pending, changes) },
        actions: state.pending === null ? [{ kind: 'tell', what: 'queued', changes }] : [],
      }
    case 'ignore':
      return { state, actions: [{ kind: 'tell', what: 'ignored', changes }] }
    case 'signal':
      return { state, actions: [{ kind: 'signal', changes }] }
  }
}

function onSpawned(state: State, input: Input, rules: Rules): Decision {
  if (state.kind === 'ending') return stay(state)
  if (state.kind !== 'spawning') return impossible(state, input)
  const running = { kind: 'running', pending: null } as const
  return state.pending === null ? stay(running) : onBusy(running, state.pending, rules.onBusy)
}

function onNotSpawned(state: State, input: Input & { readonly kind: 'not-spawned' }): Decision {
  switch (state.kind) {
    case 'admitting':
    case 'spawning':
      if (input.final) return finish('not-started')
      return state.kind === 'spawning' && state.pending !== null
        ? admit(state.pending)
        : stay({ kind: 'idle' })
    case 'ending':
      return finish('asked')
    case 'idle':
    case 'running':
    case 'replacing':
    case 'ended':
      return impossible(state, input)
  }
}

function onGone(
  state: State,
  input: Input & { readonly kind: 'gone' },
  { exitOnError }: Rules,
): Decision {
  switch (state.kind) {
    case 'running':
      if (input.failed && exitOnError) return finish('failed')
      return state.pending === null ? stay({ kind: 'idle' }) : admit(state.pending)
    case 'replacing':
      return admit(state.pending)
    case 'ending':
      return finish('asked')
    case 'idle':
    case 'admitting':
    case 'spawning':
    case 'ended':
      return impossible(state, input)
  }
}

/** What such a run leaves is worth nothing: it makes room for one that has the locks. */
function onLost(state: State): Decision {
  if (state.kind !== 'running') return stay(state)
  const changes = state.pending ?? { paths: [], complete: false }
  return { state: { kind: 'replacing', pending: changes }, actions: [{ kind: 'replace', changes }] }
}

function onEnd(state: State): Decision {
  switch (state.kind) {
    case 'idle':
      return finish('asked')
    case 'admitting':
      return { state: { kind: 'ending' }, actions: [{ kind: 'withdraw' }] }
    case 'spawning':
    case 'running':
    case 'replacing':
      // How the run is stopped is up to whoever asks for the end.
      return stay({ kind: 'ending' })
    case 'ending':
    case 'ended':
      return stay(state)
  }
}

const stay = (state: State): Decision => ({ state, actions: [] })

const admit = (changes: Changes | null): Decision => ({
  state: { kind: 'admitting', changes },
  actions: [{ kind: 'admit' }],
})

const finish = (reason: FinishReason): Decision => ({
  state: { kind: 'ended' },
  actions: [{ kind: 'finish', reason }],
})

function impossible(state: State, input: Input): never {
  throw new Error(
    `internal error: "${input.kind}" cannot happen to a command that is ${state.kind}`,
  )
}
