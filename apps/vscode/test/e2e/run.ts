// Runs the extension in a real VS Code: inside its extension host, and as the packed VSIX in a
// browser. Prints `N passed, N failed, N skipped` at the end and writes the same as JSON.
// Names of suites as arguments run only those: `node test/e2e/run.ts window`.
// `SINGLETRACK_VSCODE=lowest` takes the lowest VS Code that the manifest promises.
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

import { exampleSuite } from './example-suite.ts'
import { chosenEdition } from './harness/edition.ts'
import { ensureChromium } from './harness/ensure-chromium.ts'
import { ensureVSCode } from './harness/ensure-vscode.ts'
import { Report } from './harness/report.ts'
import { Scratch } from './harness/scratch.ts'
import { until } from './harness/until.ts'
import { hostSuite } from './host-suite.ts'
import { lifeSuite } from './life-suite.ts'
import type { Surroundings } from './surroundings.ts'
import { trustSuite } from './trust-suite.ts'
import { windowSuite } from './window-suite.ts'

const extension = path.resolve(import.meta.dirname, '../..')
const vsix = path.join(extension, '.artifacts/singletrack.vsix')
const edition = chosenEdition()
// Only the newest VS Code counts among the tests of the repository; what comes of the other, which
// is run now and then, must not be counted with a later run.
const artifacts = path.join(
  extension,
  edition.name === 'newest' ? '.artifacts' : '.artifacts/lowest',
)
const summary =
  edition.name === 'newest'
    ? path.join(extension, '.vitest/e2e/output.json')
    : path.join(artifacts, 'output.json')

const SUITES = {
  host: hostSuite,
  window: windowSuite,
  life: lifeSuite,
  trust: trustSuite,
  example: exampleSuite,
}

/** An environment in which this part must not be left out. */
const isRequired = process.env['SINGLETRACK_REQUIRE_VSCODE'] === '1'

async function main(): Promise<number> {
  const began = performance.now()
  mkdirSync(artifacts, { recursive: true })
  const report = new Report()
  const surroundings = prepare(report)
  if (surroundings !== null) await runAll(surroundings, report)
  process.stdout.write(`VS Code tests took ${Math.round((performance.now() - began) / 1_000)} s\n`)
  report.finish(summary)
  return report.failed === 0 ? 0 : 1
}

/** Runs what is asked for in a directory that goes with this process, however it ends. */
async function runAll(surroundings: Surroundings, report: Report): Promise<void> {
  const scratch = Scratch.create()
  const wanted = process.argv.slice(2)
  for (const [name, suite] of Object.entries(SUITES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    // oxlint-disable-next-line no-await-in-loop -- two editors at once are too much for two cores
    await run(name, suite, surroundings, report)
  }
  await report.test('the tests leave no process behind', async () => {
    await until(
      () => `no process is left:\n${[...scratch.processes().values()].join('\n')}`,
      () => scratch.processes().size === 0,
    )
  })
}

async function run(
  name: string,
  suite: (typeof SUITES)['host'],
  surroundings: Surroundings,
  report: Report,
): Promise<void> {
  process.stdout.write(`\n${name}\n`)
  try {
    await suite(surroundings, report)
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
    report.add({ title: `${name}: the suite runs to its end`, ms: 0, status: 'failed', problem })
  }
}

/** The editor, the browser and the VSIX; `null`, said loudly, where they cannot be had. */
function prepare(report: Report): Surroundings | null {
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing; run "pnpm run check:package" first`)
  try {
    if (process.platform !== 'linux') throw new Error(`not tried on ${process.platform}`)
    const { cached, main: server, ms, node } = ensureVSCode(edition)
    process.stdout.write(
      `VS Code ${edition.vscode} ${cached ? 'from the cache' : `installed in ${ms} ms`}\n`,
    )
    return { edition, main: server, node, chromium: ensureChromium(), extension, vsix, artifacts }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const title = 'the extension in a real VS Code'
    if (isRequired) {
      report.add({ title, ms: 0, status: 'failed', problem: reason })
    } else {
      process.stderr.write(`\n!! NOT RUN: ${title}: ${reason}\n\n`)
      report.add({ title: `${title}: ${reason}`, ms: 0, status: 'skipped' })
    }
    return null
  }
}

process.exit(await main())
