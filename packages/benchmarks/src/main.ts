import { argv } from 'node:process'

import { run as lambda } from './lambda/main.ts'
import { run as lockfile } from './lockfile/main.ts'
import { run as scheduler } from './scheduler/main.ts'
import { run as session } from './session/main.ts'
import { run as supervisor } from './supervisor/main.ts'
import { run as watcher } from './watcher/main.ts'

/** Every subject prints its own tables, side by side with peers, in one run. */
const subjects = new Map<string, (options: readonly string[]) => Promise<void>>([
  ['supervisor', supervisor],
  ['lockfile', lockfile],
  ['scheduler', scheduler],
  ['watcher', watcher],
  ['lambda', lambda],
  ['session', session],
])

/** What comes after the first option is for the subject itself, such as `session --quick`. */
const [asked, options] = splitAtOptions(argv.slice(2))
for (const [subject, run] of subjects) {
  if (asked.length > 0 && !asked.includes(subject)) continue
  if (!options.includes('--json')) process.stdout.write(`\n# ${subject}\n\n`)
  // oxlint-disable-next-line no-await-in-loop -- measurements must not disturb each other
  await run(options)
}

function splitAtOptions(args: readonly string[]): readonly [readonly string[], readonly string[]] {
  const first = args.findIndex((arg) => arg.startsWith('-'))
  return first === -1 ? [args, []] : [args.slice(0, first), args.slice(first)]
}
