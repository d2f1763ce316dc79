import { setTimeout as sleep } from 'node:timers/promises'

import type { MarkedProcess, ProcessIdentity, ProcessTable } from './process-table.ts'
import { systemProcessTable } from './system-process-table.ts'

/** A process group as a session recorded it: by its leader, and by the mark all of it carries. */
export interface RecordedGroup {
  /** The leader's process id, which is the group's number too. */
  readonly pid: number
  /** The leader's start time as the process table gave it. */
  readonly startTime: string
  /** The value of `SINGLETRACK_JOB` in the environment of everything this job started. */
  readonly nonce: string
  /** Descendants that left the group are ended with a run, and only named with a build. */
  readonly role: 'run' | 'build'
}

export interface RemainingProcess extends ProcessIdentity {
  readonly command: string
}

export interface EndMarkedOptions {
  /** Milliseconds between the signal and SIGKILL. */
  readonly graceMs: number
  readonly signal?: NodeJS.Signals
  readonly table?: ProcessTable
  /** Sends the signals; a negative number means a group. */
  readonly kill?: (pid: number, signal: NodeJS.Signals) => void
}

export interface EndMarkedResult {
  /** Recorded groups that had living processes and have none now. */
  readonly ended: readonly RecordedGroup[]
  /** Those of `ended` that needed SIGKILL. */
  readonly forced: readonly RecordedGroup[]
  /** What lives on: processes that outlived SIGKILL, and descendants of builds that left their group. */
  readonly left: readonly RemainingProcess[]
}

// Long enough for a process in the kernel to come back and die; one stuck in a dead mount never does.
const killWaitMs = 2_000
const firstPollMs = 5
const longestPollMs = 100

/**
 * Ends recorded process groups, each with the signal and SIGCONT first, then with SIGKILL.
 *
 * A number alone is never signaled. A group is ours while its leader has the recorded start time,
 * one of its members carries the mark, or a member that was ours before is still in it. What left
 * the group is found by the mark and signaled one by one. Resolves when all is gone or
 * nothing more can be done; never rejects because a process vanished.
 */
export async function endMarked(
  groups: readonly RecordedGroup[],
  options: EndMarkedOptions,
): Promise<EndMarkedResult> {
  const ending = new Ending(groups, options)
  const alive = ending.look()
  ending.signal(options.signal ?? 'SIGTERM')
  // A stopped process takes no signal but SIGKILL until it goes on.
  ending.signal('SIGCONT')
  const stubborn = await ending.waitUntilGone(options.graceMs)
  if (stubborn.length > 0) {
    ending.signal('SIGKILL')
    await ending.waitUntilGone(killWaitMs)
  }
  const left = ending.left()
  const gone = alive.filter((group) => !ending.look().includes(group))
  return { ended: gone, forced: gone.filter((group) => stubborn.includes(group)), left }
}

/** What is known of the groups while they end. */
class Ending {
  readonly #groups: readonly RecordedGroup[]
  readonly #table: ProcessTable
  readonly #kill: (pid: number, signal: NodeJS.Signals) => void
  /** Start times of processes seen to be ours, by group and process id. */
  readonly #known = new Map<RecordedGroup, Map<number, string>>()
  #members = new Map<RecordedGroup, readonly ProcessIdentity[]>()
  #strays = new Map<RecordedGroup, readonly MarkedProcess[]>()

  constructor(groups: readonly RecordedGroup[], options: EndMarkedOptions) {
    // Minus one is everybody and minus zero ourselves: no word of a file may come to mean that.
    this.#groups = groups.filter(({ pid }) => Number.isSafeInteger(pid) && pid > 1)
    this.#table = options.table ?? systemProcessTable()
    this.#kill = options.kill ?? ((pid, signal) => process.kill(pid, signal))
    for (const group of groups) this.#known.set(group, new Map([[group.pid, group.startTime]]))
  }

  /** Looks at the system anew; returns the groups that have something to end. */
  look(): readonly RecordedGroup[] {
    const marked = this.#table.findMarked(new Set(this.#groups.map((group) => group.nonce)))
    for (const group of this.#groups) {
      const own = marked.filter((entry) => entry.nonce === group.nonce)
      this.#members.set(group, this.#membersOf(group, own))
      this.#strays.set(
        group,
        own.filter((entry) => entry.pgid !== group.pid),
      )
    }
    return this.#groups.filter((group) => this.#targets(group).length > 0)
  }

  signal(signal: NodeJS.Signals): void {
    for (const group of this.look()) {
      if ((this.#members.get(group) ?? []).length > 0) this.#send(-group.pid, signal)
      if (group.role === 'build') continue
      for (const stray of this.#strays.get(group) ?? []) {
        if (this.#table.isAlive(stray)) this.#send(stray.pid, signal)
      }
    }
  }

  /** Waits until nothing is left to end, at most so long; returns the groups that still have something. */
  async waitUntilGone(ms: number): Promise<readonly RecordedGroup[]> {
    const deadline = performance.now() + ms
    let pause = firstPollMs
    for (;;) {
      const alive = this.look()
      const rest = deadline - performance.now()
      if (alive.length === 0 || rest <= 0) return alive
      // oxlint-disable-next-line no-await-in-loop -- polling: the system tells nobody when a group empties
      await sleep(Math.min(pause, rest))
      pause = Math.min(pause * 2, longestPollMs)
    }
  }

  left(): readonly RemainingProcess[] {
    this.look()
    const all = this.#groups.flatMap((group) => [
      ...(this.#members.get(group) ?? []),
      ...(this.#strays.get(group) ?? []),
    ])
    const unique = new Map(all.map(({ pid, startTime }) => [pid, { pid, startTime }]))
    return [...unique.values()].map((entry) => ({
      ...entry,
      command: this.#table.describe(entry.pid),
    }))
  }

  #targets(group: RecordedGroup): readonly ProcessIdentity[] {
    const members = this.#members.get(group) ?? []
    return group.role === 'build' ? members : [...members, ...(this.#strays.get(group) ?? [])]
  }

  #membersOf(group: RecordedGroup, marked: readonly MarkedProcess[]): readonly ProcessIdentity[] {
    const members = this.#table
      .groupMembers(group.pid)
      .map((pid) => this.#table.identity(pid))
      .filter((identity) => identity !== null)
    const known = this.#known.get(group) ?? new Map<number, string>()
    // A dead leader that nobody collected still keeps its number, and with it the group's, from being used again.
    const leader = this.#table.identity(group.pid)
    const ours =
      leader?.startTime === group.startTime ||
      members.some((member) => known.get(member.pid) === member.startTime) ||
      marked.some((entry) => entry.pgid === group.pid)
    if (!ours) return []
    for (const member of members) known.set(member.pid, member.startTime)
    return members
  }

  #send(pid: number, signal: NodeJS.Signals): void {
    try {
      this.#kill(pid, signal)
    } catch (error) {
      // Gone meanwhile (ESRCH), or not ours to signal (EPERM): then it shows up in what is left.
      if (!(error instanceof Error && 'code' in error)) throw error
    }
  }
}
