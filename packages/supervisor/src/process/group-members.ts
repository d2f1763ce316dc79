import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'

import { errnoOf } from '../errno.ts'
import { parseProcessStat } from './process-stat.ts'

/**
 * Finds the living members of a process group.
 *
 * `kill(-group, 0)` answers "nobody" at once and for certain, but it counts zombies, so a yes is
 * checked against the process table. Members found once are looked at first: the whole table is
 * read again only when none of them is left, for what they may have forked meanwhile.
 */
export class GroupMembers {
  readonly #processGroup: number
  #known: readonly number[] = []

  constructor(processGroup: number) {
    this.#processGroup = processGroup
  }

  living(): readonly number[] | Promise<readonly number[]> {
    if (!groupExists(this.#processGroup)) return []
    if (process.platform !== 'linux') return listedByPs(this.#processGroup)
    this.#known = this.#known.filter((pid) => this.#isLivingMember(pid))
    if (this.#known.length === 0) {
      this.#known = allProcesses().filter((pid) => this.#isLivingMember(pid))
    }
    return this.#known
  }

  #isLivingMember(pid: number): boolean {
    try {
      const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      return stat !== undefined && stat.isAlive && stat.processGroup === this.#processGroup
    } catch {
      // It ended between the listing and the look.
      return false
    }
  }
}

function groupExists(processGroup: number): boolean {
  try {
    process.kill(-processGroup, 0)
    return true
  } catch (error) {
    // EPERM: there are members, and we may not signal any of them.
    return errnoOf(error) === 'EPERM'
  }
}

function allProcesses(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** macOS and the BSDs, where the table is read by a program. Not tested there. */
async function listedByPs(processGroup: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,pgid=,stat='])
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, state]) => Number(group) === processGroup && !state?.startsWith('Z'))
    .map(([pid]) => Number(pid))
}
