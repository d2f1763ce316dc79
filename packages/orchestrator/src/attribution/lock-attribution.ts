import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import type { Target, Workspace } from '../configuration/index.ts'
import type { EventStream, SessionEvent } from '../events/index.ts'
import { type ProcessTable, starterName } from '../processes/index.ts'
import type { Hold } from '../state/index.ts'
import { blockedOn } from './blocked-line.ts'
import { cargoLockFiles, packageCacheLockFiles } from './cargo-lock-files.ts'
import { shortCommand } from './short-command.ts'

export interface LockAttributionOptions {
  readonly events: EventStream
  readonly table: ProcessTable
  readonly workspace: () => Workspace
  /** The process groups of a target: its build and its run. */
  readonly groupsOf: (target: string) => readonly number[]
  readonly inherited: Readonly<Record<string, string | undefined>>
  readonly now: () => number
}

/** The holder may change hands while we look; after so many looks nobody is named. */
const MAX_LOOKS = 5
const LOOK_AGAIN_MS = 200

/**
 * Names who holds a lock inside cargo while a child of ours waits for it: a lock that is not ours,
 * taken by an editor or a terminal that does not take turns with us.
 */
export class LockAttribution implements Disposable {
  readonly #options: LockAttributionOptions
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Targets whose build waits inside cargo, with the event that told of it. */
  readonly #waiting = new Map<string, { readonly event: SessionEvent; readonly since: number }>()
  readonly #stop: () => void

  constructor(options: LockAttributionOptions) {
    this.#options = options
    this.#stop = options.events.subscribe((event) => this.#receive(event))
  }

  [Symbol.dispose](): void {
    this.#stop()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #receive(event: SessionEvent): void {
    switch (event.type) {
      case 'output':
        if (event.source === 'build') this.#read(event)
        return
      case 'build-succeeded':
      case 'build-failed':
      case 'build-canceled':
        this.#waiting.delete(event.target)
        return
      default:
    }
  }

  /** Cargo says that it waits, and nothing more until it has what it waits for. */
  #read(event: SessionEvent & { readonly type: 'output' }): void {
    const { events, now } = this.#options
    const what = blockedOn(event.line)
    const { target } = event
    const waiting = this.#waiting.get(target)
    if (what !== null) {
      this.#waiting.set(target, { event, since: now() })
      this.#look(event, what, 1)
    } else if (waiting !== undefined) {
      this.#waiting.delete(target)
      const waitedMs = now() - waiting.since
      events.emit({ type: 'hold-ended', target, waitedMs }, { cause: waiting.event.id })
    }
  }

  #look(event: SessionEvent & { readonly type: 'output' }, what: string, look: number): void {
    const { workspace, events, now } = this.#options
    const target = workspace().targets.get(event.target)
    if (target === undefined || this.#waiting.get(event.target)?.event !== event) return
    const hold = this.#holdOf(target, what)
    if (hold !== null || look === MAX_LOOKS) {
      const unknown: Hold = {
        kind: 'external',
        on: [],
        text: `waits inside cargo for the ${what}; who holds it is not known`,
        since: now(),
      }
      events.emit({ type: 'held', target: target.name, hold: hold ?? unknown }, { cause: event.id })
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#look(event, what, look + 1)
    }, LOOK_AGAIN_MS)
    this.#timers.add(timer)
  }

  #holdOf(target: Target, what: string): Hold | null {
    const { table, groupsOf, now } = this.#options
    const own = new Set(groupsOf(target.name).flatMap((pgid) => table.groupMembers(pgid)))
    const files = what.includes('package cache')
      ? packageCacheLockFiles(this.#cargoHomeOf(target))
      : cargoLockFiles(this.#directoriesOf(target))
    for (const file of files) {
      const holder = table.lockHolders(file).find(({ pid }) => !own.has(pid))
      if (holder === undefined) continue
      const starter = starterName(holder.pid)
      const by = `${starter === null ? '' : `${starter}: `}${shortCommand(holder.command)}, pid ${holder.pid}`
      const seconds =
        holder.since === null
          ? ''
          : `, ${Math.max(0, Math.round((now() - holder.since) / 1_000))} s`
      return {
        kind: 'external',
        on: [dirname(file)],
        text: `waits inside cargo for the ${what}, held by ${by}${seconds}`,
        since: now(),
      }
    }
    return null
  }

  /** Where cargo may build for this target: as its variables say, else beside its sources. */
  #directoriesOf(target: Target): readonly string[] {
    const { inherited, workspace } = this.#options
    const { root, resources } = workspace()
    const named = ['CARGO_TARGET_DIR', 'CARGO_BUILD_TARGET_DIR', 'CARGO_BUILD_BUILD_DIR'].flatMap(
      (name) => target.env[name] ?? inherited[name] ?? [],
    )
    const locked = Object.keys(target.build?.uses ?? {}).flatMap(
      (name) => resources.get(name)?.directory ?? [],
    )
    return [
      ...named.map((directory) => resolve(target.cwd, directory)),
      ...locked,
      join(target.cwd, 'target'),
      join(root, 'target'),
    ]
  }

  #cargoHomeOf(target: Target): string {
    const named = target.env['CARGO_HOME'] ?? this.#options.inherited['CARGO_HOME']
    return named === undefined ? join(homedir(), '.cargo') : resolve(target.cwd, named)
  }
}
