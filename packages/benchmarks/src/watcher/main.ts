import { Demands } from './demands.ts'
import { print } from './print.ts'
import { printDispatch } from './sections/dispatch.ts'
import { printLatency } from './sections/latency.ts'
import { printCheckout, printRemoval, printStopped } from './sections/loss.ts'
import { printPruning } from './sections/pruning.ts'
import { printStart } from './sections/start.ts'
import { LIBRARIES, findPrograms } from './subjects.ts'

/** Every subject is measured this often, in turn; tables show the median, the least and the most. */
const ROUNDS = Math.max(3, Number(process.env['WATCHER_BENCHMARK_ROUNDS'] ?? '3'))

/** Sections to print, by name; all if none is given. */
const ASKED = (process.env['WATCHER_BENCHMARK_SECTIONS'] ?? '').split(',').filter(Boolean)

/** Prints the watcher beside its peers: cost, latency, and what gets lost. */
export async function run(): Promise<void> {
  if (process.platform !== 'linux') {
    print('These measurements read /proc and compare inotify watchers: Linux only.')
    return
  }
  const { installed, missing } = findPrograms()
  for (const tool of missing) print(`${tool} is not installed: not measured.`)
  print(`\nMedian (least–most) of ${ROUNDS} interleaved rounds.`)
  const all = [...LIBRARIES, ...installed]
  // Debian's 4.9 left subscriptions unanswered now and then: measured at the start only.
  const prompt = all.filter((name) => name !== 'watchman')
  const demands = new Demands()
  const sections: ReadonlyMap<string, () => void | Promise<void>> = new Map([
    ['dispatch', () => printDispatch(demands)],
    ['start', () => printStart(all, ROUNDS, demands)],
    ['pruning', () => printPruning(ROUNDS, demands)],
    ['latency', () => printLatency(prompt, ROUNDS, demands)],
    ['stopped', () => printStopped(prompt, ROUNDS, demands)],
    ['checkout', () => printCheckout(prompt, ROUNDS, demands)],
    ['removal', () => printRemoval(ROUNDS, demands)],
  ])
  for (const [name, section] of sections) {
    if (ASKED.length > 0 && !ASKED.includes(name)) continue
    // oxlint-disable-next-line no-await-in-loop -- measurements must not disturb each other
    await section()
  }
  demands.print()
}

if (import.meta.main) await run()
