import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import type { EndMarkedResult, ProcessTable } from '../processes/index.ts'
import { endEntries } from './end-entries.ts'
import { type WatchdogList, applyLine, emptyList, parseWatchdogLine } from './entry.ts'

/** The watchdog of an earlier session is given this long to do its work. */
const PREDECESSOR_LIMIT_MS = 10_000
const POLL_MS = 50
/** A journal is a few lines; a larger file is not ours. */
const MAX_JOURNAL_BYTES = 4 * 1024 * 1024

/** What a session that died has left on record. */
export function readJournal(path: string): WatchdogList {
  let text = ''
  try {
    text = readFileSync(path, 'utf8').slice(0, MAX_JOURNAL_BYTES)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return text
    .split('\n')
    .map(parseWatchdogLine)
    .reduce((list, line) => (line === null ? list : applyLine(list, line)), emptyList)
}

/**
 * Ends what an earlier session has left: waits for its watchdog to finish, then goes through its
 * journal. Nothing is signaled by number alone.
 */
export async function reapPredecessor(
  path: string,
  table: ProcessTable,
): Promise<EndMarkedResult | null> {
  const list = readJournal(path)
  if (list.watchdog !== null) {
    const deadline = performance.now() + PREDECESSOR_LIMIT_MS
    // oxlint-disable-next-line no-await-in-loop -- polling
    while (table.isAlive(list.watchdog) && performance.now() < deadline) await sleep(POLL_MS)
  }
  return list.entries.size === 0 ? null : endEntries([...list.entries.values()])
}
