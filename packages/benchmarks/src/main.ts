import { argv } from 'node:process'

import { run as lambda } from './lambda/main.ts'
import { run as lockfile } from './lockfile/main.ts'
import { run as scheduler } from './scheduler/main.ts'
import { run as supervisor } from './supervisor/main.ts'
import { run as watcher } from './watcher/main.ts'

/** Every subject prints its own tables, side by side with peers, in one run. */
const subjects: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['supervisor', supervisor],
  ['lockfile', lockfile],
  ['scheduler', scheduler],
  ['watcher', watcher],
  ['lambda', lambda],
])

const asked = argv.slice(2)
for (const [subject, run] of subjects) {
  if (asked.length > 0 && !asked.includes(subject)) continue
  process.stdout.write(`\n# ${subject}\n\n`)
  // oxlint-disable-next-line no-await-in-loop -- measurements must not disturb each other
  await run()
}
