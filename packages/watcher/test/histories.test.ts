import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

import { type BackendName, createWatcher } from '../src/index.ts'
import { eventually } from './support/eventually.ts'
import { type Step, histories, perform } from './support/history.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'
import { BACKENDS, Oracle } from './support/watch-rig.ts'

/** Minutes of histories per backend, for long runs by hand; see the README. */
const MINUTES = Number(process.env['WATCHER_FUZZ_MINUTES'] ?? '0')

const RUNS: Readonly<Record<BackendName, number>> = { inotify: 60, chokidar: 25, poll: 12 }

/** Of long runs: said at their end, with the number of histories. */
const SEED = Date.now() % 2 ** 31

const parameters = (backend: BackendName): fc.Parameters<[Step[][]]> =>
  MINUTES > 0
    ? {
        seed: SEED,
        numRuns: 1_000_000,
        interruptAfterTimeLimit: MINUTES * 60_000,
        markInterruptAsFailure: false,
      }
    : {
        numRuns: RUNS[backend],
        // Fewer histories on a loaded machine, not a failure.
        interruptAfterTimeLimit: 20_000,
        endOnFailure: process.env['WATCHER_FUZZ_QUICK'] !== undefined,
      }

/** Runs a history against a watcher; `wait` decides when a round counts as told. */
async function follow(
  backend: BackendName,
  rounds: readonly Step[][],
  wait: (sync: () => Promise<unknown>, oracle: Oracle) => Promise<void>,
): Promise<void> {
  await using directory = await temporaryDirectory()
  const root = join(directory.path, 'root')
  mkdirSync(root)
  await using watcher = createWatcher({
    root,
    backend,
    debounceMs: 5,
    maxWaitMs: 50,
    onWarning: () => {},
  })
  const oracle = new Oracle(root)
  watcher.add({ id: 'all', include: ['**'], onBatch: oracle.onBatch })
  await watcher.ready
  for (const steps of rounds) {
    await perform(root, steps)
    await wait(() => watcher.sync(), oracle)
  }
}

describe.for(BACKENDS)('random histories on %s', (backend) => {
  let performed = 0
  afterEach(({ task }) => {
    if (MINUTES > 0) console.log(`${backend}, ${task.name}: ${performed} histories, seed ${SEED}`)
    performed = 0
  })

  test(
    'after a barrier the batches tell what is on the disk',
    { timeout: (MINUTES + 2) * 60_000 },
    async () => {
      const property = fc.asyncProperty(histories, async (rounds) => {
        await follow(backend, rounds, async (sync, oracle) => {
          await sync()
          oracle.check()
        })
        performed += 1
      })
      await expect(fc.assert(property, parameters(backend))).resolves.toBeUndefined()
    },
  )

  test('without a barrier they do so soon after', { timeout: (MINUTES + 2) * 60_000 }, async () => {
    const property = fc.asyncProperty(histories, async (rounds) => {
      await follow(backend, rounds, (_sync, oracle) => eventually(() => oracle.check(), 5_000))
      performed += 1
    })
    await expect(fc.assert(property, parameters(backend))).resolves.toBeUndefined()
  })
})
