import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { HELD_MARK, JOB_MARK } from '../environment/index.ts'
import type { ProcessTable } from '../processes/index.ts'
import type { WatchdogEntry, WatchdogLine } from './entry.ts'
import type { Journal } from './journal.ts'

/** Beside this module: bundled as `watchdog.js`, or as source when that is what is loaded. */
const SCRIPT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './watchdog.js', import.meta.url),
)

/** A watchdog that dies so often in a row cannot be had. */
const MAX_ATTEMPTS = 3

interface Guard {
  readonly process: ChildProcess
  readonly acknowledged: Map<number, () => void>
  /** Resolves when this watchdog is gone, by whatever means. */
  readonly gone: Promise<void>
}

/**
 * The session's end of its watchdog. No child starts before the watchdog knows it: `record`
 * resolves only when it has acknowledged, and starts another watchdog if this one has died.
 */
export class Watchdog implements AsyncDisposable {
  readonly #journal: Journal
  readonly #table: ProcessTable
  readonly #entries = new Map<number, WatchdogEntry>()
  #guard: Promise<Guard> | null = null
  #closed = false
  #nextId = 1

  constructor(journal: Journal, table: ProcessTable) {
    this.#journal = journal
    this.#table = table
    journal.clear()
  }

  /** Starts the process, so that it is ready before the first child asks for it. */
  start(): void {
    void this.#ready()
  }

  /** Puts a child on record; its program may run when this has resolved. */
  async record(entry: WatchdogEntry): Promise<void> {
    this.#entries.set(entry.pid, entry)
    const id = this.#nextId++
    const line: WatchdogLine = { op: 'add', id, entry }
    this.#journal.write(line)
    // A watchdog that dies before it answers is replaced, and the new one is given the whole list.
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      if (this.#closed || (await this.#send(line, id))) return
    }
    throw new Error('the watchdog that would end this process after a crash could not be started')
  }

  /** Takes a child off the record, when its group is gone. */
  forget(pid: number): void {
    if (!this.#entries.delete(pid)) return
    this.#journal.write({ op: 'remove', pid })
    void this.#guard?.then((guard) => write(guard, { op: 'remove', pid }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const guard = await this.#guard
    if (guard !== null) {
      if (this.#entries.size === 0) write(guard, { op: 'end' })
      guard.process.stdin?.end()
      await guard.gone
    }
    if (this.#entries.size === 0) this.#journal.write({ op: 'end' })
  }

  async #send(line: WatchdogLine, id: number): Promise<boolean> {
    const guard = await this.#ready()
    const answered = new Promise<true>((resolve) => {
      guard.acknowledged.set(id, () => resolve(true))
    })
    write(guard, line)
    const result = await Promise.race([answered, guard.gone.then(() => false)])
    guard.acknowledged.delete(id)
    return result
  }

  async #ready(): Promise<Guard> {
    this.#guard ??= this.#begin()
    return this.#guard
  }

  async #begin(): Promise<Guard> {
    const child = spawn(process.execPath, [SCRIPT], {
      // Its own session: what ends our terminal or our group does not end it.
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'ignore'],
      env: watchdogEnvironment(process.env),
    })
    const gone = new Promise<void>((resolve) => {
      const ended = (): void => {
        this.#guard = null
        resolve()
      }
      child.once('exit', ended)
      child.once('error', ended)
    })
    child.stdin?.on('error', () => undefined)
    const acknowledged = new Map<number, () => void>()
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) =>
        acknowledged.get(Number(line))?.(),
      )
    }
    const guard: Guard = { process: child, acknowledged, gone }
    const identity = child.pid === undefined ? null : this.#table.identity(child.pid)
    if (identity !== null) this.#journal.write({ op: 'began', watchdog: identity })
    for (const entry of this.#entries.values()) write(guard, { op: 'add', id: 0, entry })
    return Promise.resolve(guard)
  }
}

/**
 * Stop commands need what the session has, such as `DOCKER_HOST`. The watchdog must carry no mark
 * itself: whoever started the session would take it for one of theirs, and end it.
 */
function watchdogEnvironment(inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [JOB_MARK]: _job, [HELD_MARK]: _held, NODE_OPTIONS: _options, ...rest } = inherited
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' }
}

function write(guard: Guard, line: WatchdogLine): void {
  if (guard.process.stdin?.writable === true) guard.process.stdin.write(`${JSON.stringify(line)}\n`)
}
