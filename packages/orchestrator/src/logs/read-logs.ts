import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { parseStoredRecord, type StoredRecord } from './log-record.ts'

/** Every log file in a folder; none if there is no such folder. */
export async function logsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.ndjson')).map((name) => join(folder, name))
}

/** The records in the files, in no order among files; torn and foreign lines are passed over. */
export async function readLogs(paths: readonly string[]): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = []
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
    const text = await readFile(path, 'utf8').catch(() => '')
    for (const line of text.split('\n')) {
      const record = line === '' ? null : parseStoredRecord(line)
      if (record !== null) records.push(record)
    }
  }
  return records
}
