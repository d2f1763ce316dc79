import { join } from 'node:path'

import { ControlServer, type Hello, PROTOCOL_VERSION, controlSocketPath } from '../control/index.ts'
import { childEnvironment } from '../environment/index.ts'
import { EventStream } from '../events/index.ts'
import { createLogStore } from '../logs/index.ts'
import { systemProcessTable } from '../processes/index.ts'
import { stateDirectory } from '../state-directory/index.ts'
import { reapPredecessor } from '../watchdog/index.ts'
import { assembleEngine } from './assemble-engine.ts'
import { acquireBuildLocks } from './build-locks.ts'
import { HeldLocks } from './held-locks.ts'
import { LiveSession } from './live-session.ts'
import type { Session, SessionOptions } from './session.ts'
import { type WatchLock, acquireWatchLock } from './watch-lock.ts'

/**
 * Begins a session: takes the watch lock, ends what an earlier session may have left, opens the
 * control socket, watches, and only then builds and starts.
 *
 * @throws {SessionHeldError} when a session of this workspace lives.
 */
export async function createSession(options: SessionOptions): Promise<Session> {
  const { root } = options.workspace
  const events = new EventStream()
  if (options.onEvent !== undefined) events.subscribe(options.onEvent)
  const state = await stateDirectory(root)
  const lock = await acquireWatchLock(root, options.version, options.label)
  const session = await assemble(options, events, state, lock)
  try {
    await session.begin()
  } catch (error) {
    await session.end('it could not start')
    throw error
  }
  return session
}

async function assemble(
  options: SessionOptions,
  events: EventStream,
  state: string,
  lock: WatchLock,
): Promise<LiveSession> {
  const { workspace, colors = false } = options
  const journal = join(state, 'journal')
  await reap(journal, events)
  const heldLocks = new HeldLocks()
  const { engine, functions, groups, attribution, watchdog } = assembleEngine({
    workspace,
    events,
    colors,
    journal,
    acquire: heldLocks.recording(async (members, signal, onWait) =>
      acquireBuildLocks(engine.workspace, members, signal, onWait),
    ),
  })
  const logs = createLogStore(join(state, 'logs'), {
    onWarning: (message) => void events.emit({ type: 'warning', code: 'LOGS', message }),
  })
  const hello: Hello = {
    protocol: PROTOCOL_VERSION,
    version: options.version,
    pid: process.pid,
    root: workspace.root,
    nonce: lock.nonce,
    startedAt: Date.now(),
  }
  return new LiveSession({
    ...options,
    hello,
    events,
    logs,
    lock,
    engine,
    groups,
    heldLocks,
    functions,
    attribution,
    watchdog,
    openControl: async (handlers) =>
      ControlServer.listen(controlSocketPath(lock.nonce), hello, handlers, events),
    environmentOf: async (target) => {
      const variables = await functions.externalEnvironment(target.name)
      return childEnvironment({
        inherited: {},
        own: { ...variables, ...target.env },
        job: '',
        colors: false,
      })
    },
  })
}

/** Ends what an earlier session has left, and says so. */
async function reap(path: string, events: EventStream): Promise<void> {
  const result = await reapPredecessor(path, systemProcessTable())
  if (result === null || result.ended.length + result.left.length === 0) return
  const left = result.left.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ')
  events.emit({
    type: 'warning',
    code: 'PREDECESSOR',
    message: `an earlier session was killed; ended ${result.ended.length} process groups of it${left === '' ? '' : `, could not end ${left}`}`,
  })
}
