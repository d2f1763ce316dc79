import type { Child, ChildEnd, ChildLine, Spawn, SpawnRequest } from '../../src/run/index.ts'
import type { End } from '../../src/state/index.ts'

/** A child that a test is in charge of. */
export interface FakeChild {
  readonly pid: number
  readonly request: SpawnRequest
  /** What it was asked: `SIGTERM 5000`, in order. */
  readonly asked: readonly string[]
  readonly isOver: boolean
  end(end: End, options?: Partial<Omit<ChildEnd, 'end'>>): void
  print(line: string, stream?: ChildLine['stream']): void
}

/** A `Spawn` without processes: each child ends when the test says so, or when it is told to. */
export class FakeSpawn {
  readonly children: FakeChild[] = []
  /** Whether a child ends as soon as it gets a signal other than SIGKILL, which it always obeys. */
  obedient = true
  /** The next spawn fails with this message. */
  failure: string | null = null

  readonly spawn: Spawn = async (request) => {
    const { failure } = this
    if (failure !== null) {
      this.failure = null
      return { kind: 'failed', end: { kind: 'spawn-failed', message: failure, code: 'ENOENT' } }
    }
    const pid = 1_000 + this.children.length
    await request.gate?.(pid)
    const child = this.#child(pid, request)
    return { kind: 'spawned', child }
  }

  /** The children that have not ended. */
  get living(): readonly FakeChild[] {
    return this.children.filter((child) => !child.isOver)
  }

  get last(): FakeChild {
    const child = this.children.at(-1)
    if (child === undefined) throw new Error('nothing was spawned')
    return child
  }

  #child(pid: number, request: SpawnRequest): Child {
    const ended = Promise.withResolvers<ChildEnd>()
    const asked: string[] = []
    let isOver = false
    const end: FakeChild['end'] = (how, { forced = false, leftovers = [] } = {}) => {
      isOver = true
      ended.resolve({ end: how, forced, leftovers })
    }
    this.children.push({
      pid,
      request,
      asked,
      get isOver() {
        return isOver
      },
      end,
      print: (line, stream = 'stdout') => request.onLine({ line, stream }),
    })
    return {
      pid,
      ended: ended.promise,
      stop: (signal, graceMs) => {
        asked.push(`${signal} ${graceMs}`)
        if (signal === 'SIGKILL') end({ kind: 'signal', signal }, { forced: true })
        else if (this.obedient) end({ kind: 'signal', signal })
      },
      signal: async (signal) => {
        asked.push(signal)
        return Promise.resolve(!isOver)
      },
    }
  }
}
