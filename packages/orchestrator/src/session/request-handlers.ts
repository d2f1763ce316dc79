import { constants } from 'node:os'

import { type Handlers, RequestError } from '../control/index.ts'
import type { LogStore } from '../logs/index.ts'
import type { Engine } from './engine.ts'
import { knownTargets } from './known-targets.ts'
import type { Questions } from './questions.ts'
import type { Session } from './session.ts'

/** What the control socket may ask of a session. */
export function requestHandlers(
  session: Session,
  {
    engine,
    questions,
    logs,
  }: { readonly engine: Engine; readonly questions: Questions; readonly logs: LogStore },
): Handlers {
  return {
    status: () => session.state(),
    start: ({ targets }) => ({ started: session.start(targets) }),
    stop: async ({ targets }) => ({ stopped: await session.stop(targets) }),
    restart: ({ targets }) => ({ restarted: session.restart(targets) }),
    signal: async ({ target, signal }) => {
      knownTargets(engine.workspace, [target])
      const runner = engine.actor(target)?.runner
      return { delivered: (await runner?.signal(signalOf(signal))) ?? false }
    },
    build: async ({ targets, fresh }, signal) => ({
      reports: await session.build(targets, { fresh, signal }),
    }),
    pause: () => {
      session.pause(true)
      return null
    },
    resume: () => {
      session.pause(false)
      return null
    },
    attend: ({ targets }) => {
      engine.queue.attend(targets)
      return null
    },
    logs: async ({ targets, since, grep, limit }) => ({
      records: await logs.read({
        ...(targets.length > 0 ? { targets } : {}),
        ...(since === undefined ? {} : { since }),
        ...(grep === undefined ? {} : { grep: patternOf(grep) }),
        ...(limit === undefined ? {} : { limit }),
      }),
    }),
    why: ({ target }) => questions.why(target),
    explain: ({ path }) => questions.explain(path),
    plan: ({ change }) => ({ steps: questions.plan(change) }),
    env: ({ target }) => questions.env(target),
    wait: async ({ for: waitFor, timeoutMs }, signal) =>
      session.wait(waitFor, { timeoutMs, signal }),
    shutdown: ({ force }) => {
      void session.end('asked to end by a client', { force })
      return null
    },
  }
}

function signalOf(name: string): NodeJS.Signals {
  if (isSignal(name)) return name
  throw new RequestError(`there is no signal "${name}"; write it as in SIGUSR1`)
}

const isSignal = (name: string): name is NodeJS.Signals => name in constants.signals

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new RequestError(
      `not a regular expression: ${error instanceof Error ? error.message : text}`,
    )
  }
}
