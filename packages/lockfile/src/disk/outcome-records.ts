import { join } from 'node:path'

import { LockError, systemCode } from '../errors.ts'
import { formatGeneration, parseGeneration } from '../names/generation.ts'
import type { LockName } from '../names/lock-name.ts'
import type { Outcome } from '../names/status.ts'
import type { System } from '../system/system.ts'
import { plainText } from './plain-text.ts'
import { isObject, parseLine, readCount, readString } from './record.ts'
import type { Site } from './site.ts'

/** What came of one generation of a lock. */
export interface OutcomeRecord extends Outcome {
  readonly gen: bigint
  readonly lock: LockName
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly finishedAt: number
  readonly key: string | null
  readonly holder: { readonly label: string; readonly pid: number; readonly where: string }
}

/** Outcomes of this many generations are kept. */
const OUTCOMES_KEPT = 16
/** Bytes of a summary that are kept. */
const SUMMARY_BYTES_MAX = 4096

/**
 * Publishes an outcome. Best effort, because the freed baton's name carries the exit code as well:
 * returns false when the disk is full or the directory is not writable.
 */
export function writeOutcome(system: System, site: Site, record: OutcomeRecord): boolean {
  return publish(system, site, record, (from, to) => system.files.rename(from, to))
}

/** Publishes that a generation crashed, unless its holder had still published the truth. */
export function writeCrash(system: System, site: Site, record: OutcomeRecord): boolean {
  return publish(system, site, record, (from, to) => {
    try {
      system.files.link(from, to)
    } catch (error) {
      // Where a file system has no links, the exclusive create is the next best: a reader may see
      // half a record, and half a record counts as crashed too.
      if (systemCode(error) !== 'EEXIST') system.files.create(to, formatOutcome(record))
    } finally {
      system.files.unlink(from)
    }
  })
}

function publish(
  system: System,
  site: Site,
  record: OutcomeRecord,
  place: (from: string, to: string) => void,
): boolean {
  const { files } = system
  const target = outcomePath(site, record.gen)
  const draft = `${target}.${system.nonce()}`
  const write = (): void => files.create(draft, formatOutcome(record))
  try {
    try {
      write()
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      files.mkdir(site.doneDirectory, 0o700)
      write()
    }
    place(draft, target)
    prune(system, site, record.gen)
    return true
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    forget(system, draft)
    return false
  }
}

/** The outcome of one generation; null when it is unknown, which means: decide again. */
export function readOutcome(system: System, site: Site, gen: bigint): OutcomeRecord | null {
  const text = system.files.readText(outcomePath(site, gen))
  return text === null ? null : parseOutcome(text, gen, site.lock)
}

/** The outcome alone, without whose it was. */
export function bareOutcome({ status, exitCode, signal, summary, log }: Outcome): Outcome {
  return {
    status,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(summary === undefined ? {} : { summary }),
    ...(log === undefined ? {} : { log }),
  }
}

/** The known outcomes, newest first. */
export function readOutcomes(system: System, site: Site): OutcomeRecord[] {
  return generations(system, site)
    .toSorted((a, b) => (a > b ? -1 : 1))
    .map((gen) => readOutcome(system, site, gen))
    .filter((record) => record !== null)
}

function formatOutcome({ gen, summary, ...rest }: OutcomeRecord): string {
  const short = summary === undefined ? {} : { summary: cut(summary) }
  return `${JSON.stringify({ v: 1, gen: formatGeneration(gen), ...rest, ...short })}\n`
}

function parseOutcome(text: string, gen: bigint, lock: LockName): OutcomeRecord | null {
  const value = parseLine(text)
  if (value === null || value['gen'] !== formatGeneration(gen)) return null
  const holder = isObject(value['holder']) ? value['holder'] : {}
  const exitCode = value['exitCode']
  const signal = readString(value['signal'])
  const summary = readString(value['summary'])
  const log = readString(value['log'])
  return {
    gen,
    lock,
    status: readStatus(value['status']),
    ...(Number.isInteger(exitCode) ? { exitCode: Number(exitCode) } : {}),
    ...(signal === null ? {} : { signal }),
    ...(summary === null ? {} : { summary }),
    ...(log === null ? {} : { log }),
    startedAt: readCount(value['startedAt']) ?? 0,
    finishedAt: readCount(value['finishedAt']) ?? 0,
    key: readString(value['key']),
    holder: {
      label: plainText(holder['label']) ?? '',
      pid: readCount(holder['pid']) ?? 0,
      where: readString(holder['where']) ?? '',
    },
  }
}

/** A word of a later version is not a success. */
function readStatus(value: unknown): Outcome['status'] {
  return value === 'ok' || value === 'failed' || value === 'aborted' ? value : 'crashed'
}

function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= SUMMARY_BYTES_MAX) return text
  // The cut may fall into a character; the decoder replaces what is left of it.
  return `${bytes.toString('utf8', 0, SUMMARY_BYTES_MAX - 3).replace(/\uFFFD$/, '')}…`
}

/**
 * Generations count up by one, so the one that falls out is known by its name; a full sweep is
 * needed only after a gap.
 */
function prune(system: System, site: Site, gen: bigint): void {
  const oldest = gen - BigInt(OUTCOMES_KEPT)
  forget(system, outcomePath(site, oldest))
  if (gen % BigInt(OUTCOMES_KEPT) !== 0n) return
  for (const name of list(system, site)) {
    const text = name.slice(0, 13)
    if (/^[0-9a-z]{13}$/.test(text) && parseGeneration(text) > oldest) continue
    forget(system, join(site.doneDirectory, name))
  }
}

function generations(system: System, site: Site): bigint[] {
  return list(system, site)
    .filter((name) => /^[0-9a-z]{13}\.json$/.test(name))
    .map((name) => parseGeneration(name.slice(0, 13)))
}

function list(system: System, site: Site): string[] {
  try {
    return system.files.readdir(site.doneDirectory)
  } catch (error) {
    if (error instanceof LockError || systemCode(error) === undefined) throw error
    return []
  }
}

function forget(system: System, path: string): void {
  try {
    system.files.unlink(path)
  } catch (error) {
    if (systemCode(error) === undefined) throw error
  }
}

function outcomePath(site: Site, gen: bigint): string {
  return join(site.doneDirectory, `${formatGeneration(gen)}.json`)
}
