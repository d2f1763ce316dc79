import {
  acquire,
  acquireAll,
  type Lease,
  type LockOptions,
  runWatch,
  tryAcquire,
  type WaitSnapshot,
  withLock,
} from '../../src/index.ts'
import { killingFiles } from './killing-files.ts'
import type { Command, Reply } from './peer.ts'

/** A process that takes and frees locks as it is told over IPC. */
let lease: Lease | null = null

const send = (reply: Reply): void => {
  process.send?.(reply)
}

const held = (): Lease => {
  if (lease === null) throw new Error('this peer holds no lock')
  return lease
}

const onWait = ({ message }: WaitSnapshot): void => send({ kind: 'waiting', message })

function complete(options: LockOptions, killBefore: number | undefined): LockOptions {
  if (killBefore === undefined) return { onWait, ...options }
  return { onWait, ...options, system: { files: killingFiles(killBefore) } }
}

function adopt(taken: Lease): void {
  lease = taken
  taken.signal.addEventListener('abort', () => send({ kind: 'compromised' }))
  send({ kind: 'held', gen: String(taken.gen), nested: taken.nested, env: taken.env() })
}

async function obey(command: Command): Promise<void> {
  switch (command.do) {
    case 'acquire':
      adopt(await acquire(complete(command.options, command.killBefore)))
      return
    case 'acquireAll':
      adopt(await acquireAll(command.locks, complete(command.options, undefined)))
      return
    case 'tryAcquire': {
      const taken = await tryAcquire(command.options)
      if (taken === null) send({ kind: 'refused' })
      else adopt(taken)
      return
    }
    case 'build': {
      const result = await withLock(
        async (taken) => {
          send({ kind: 'held', gen: String(taken.gen), nested: taken.nested, env: taken.env() })
          await new Promise((resolve) => setTimeout(resolve, command.buildMs))
          await taken.release(command.outcome)
        },
        complete(command.options, undefined),
      )
      send(
        result.kind === 'joined'
          ? { kind: 'joined', outcome: result.outcome, before: result.startedBeforeRequest }
          : { kind: result.kind === 'ran' ? 'ran' : 'refused' },
      )
      return
    }
    case 'group':
      await held().setBuildGroup(command.pgid)
      send({ kind: 'done' })
      return
    case 'block': {
      send({ kind: 'done' })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, command.ms)
      return
    }
    case 'block-until-gone': {
      send({ kind: 'done' })
      const nobody = new Int32Array(new SharedArrayBuffer(4))
      while (isThere(command.pid)) Atomics.wait(nobody, 0, 0, 20)
      return
    }
    case 'ignore-sigterm':
      process.on('SIGTERM', () => undefined)
      send({ kind: 'done' })
      return
    case 'session':
      await runSession(complete(command.options, undefined), command.buildMs)
      return
    case 'release':
      await held().release(command.outcome)
      send({ kind: 'released' })
      return
    case 'exit':
      // oxlint-disable-next-line unicorn/no-process-exit -- leaving without releasing is the point
      process.exit(0)
  }
}

/** A session that builds once; it ends when that build does. */
async function runSession(options: LockOptions, buildMs: number): Promise<void> {
  const result = await runWatch(
    async () => {
      send({ kind: 'building' })
      await new Promise((resolve) => setTimeout(resolve, buildMs))
      return { status: 'ok', exitCode: 0 }
    },
    noChanges,
    options,
  )
  send({ kind: result.kind === 'ran' ? 'ran' : 'refused' })
}

async function* noChanges(): AsyncGenerator<void> {
  yield* []
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

process.on('message', (command: Command) => {
  obey(command).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    send({ kind: 'error', code, message: String(error) })
  })
})
send({ kind: 'done' })
