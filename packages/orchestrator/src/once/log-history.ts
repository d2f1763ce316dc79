import { join } from 'node:path'

import { type LogQuery, type LogRecord, createLogStore } from '../logs/index.ts'
import { STATE_DIRECTORY } from '../state-directory/index.ts'

/** What the targets of a workspace printed in its sessions, from files. Leaves no trace. */
export async function readLogHistory(root: string, query: LogQuery): Promise<readonly LogRecord[]> {
  await using store = createLogStore(join(root, STATE_DIRECTORY, 'logs'))
  return await store.read(query)
}
