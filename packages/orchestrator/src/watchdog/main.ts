import { createInterface } from 'node:readline'

import { endEntries } from './end-entries.ts'
import { applyLine, emptyList, parseWatchdogLine } from './entry.ts'

/**
 * The watchdog: a process of its own that outlives a killed session just long enough to end what
 * the session started. Its only evidence is the end of its standard input, which the system closes
 * when the session is gone, however it went; a session that is merely stopped keeps it open.
 */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  // Whoever read the acknowledgements may be gone; that must not end us before our work is done.
  process.stdout.on('error', () => undefined)
  let list = emptyList
  for await (const text of createInterface({ input: process.stdin })) {
    const line = parseWatchdogLine(text)
    if (line === null) continue
    list = applyLine(list, line)
    if (line.op === 'add') process.stdout.write(`${line.id}\n`)
    if (line.op === 'end') return
  }
  await endEntries([...list.entries.values()])
}

await main()
