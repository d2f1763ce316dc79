import { type Policy, createScheduler } from '@singletrack/scheduler'

/** Tasks that are submitted and run while the queue keeps its depth. */
const cycles = 20_000

/** As many before that don't count, so that the pauses after filling the queue are over. */
const warmUpCycles = 5000

/**
 * Returns microseconds per cycle of one submit, one admission and one end, with `depth` tasks queued
 * all the time: every task that runs submits another.
 */
export async function costAtDepth(depth: number, policy: Policy): Promise<number> {
  const scheduler = createScheduler({ concurrency: 1, policy })
  const nextRandom = randomNumbers()
  const finished = Promise.withResolvers<void>()
  let submitted = 0
  let startedAt = 0
  const submit = (): void => {
    submitted += 1
    scheduler.submit({ id: `${submitted}`, priority: nextRandom() % 1000, run })
  }
  const run = async (): Promise<void> => {
    if (submitted === depth + warmUpCycles) startedAt = performance.now()
    if (submitted < depth + warmUpCycles + cycles) submit()
    else finished.resolve()
  }
  for (let index = 0; index < depth; index++) submit()
  await finished.promise
  const elapsedMs = performance.now() - startedAt
  await scheduler.close()
  return (elapsedMs * 1000) / cycles
}

/** Runs so many tasks over so many resources, each needing one or two of them, all that fit at once. */
export async function manyResources(tasks: number, resources: number, each: 1 | 2): Promise<void> {
  const names = Array.from({ length: resources }, (_, index) => `resource ${index}`)
  const capacities = Object.fromEntries(names.map((name) => [name, 1]))
  const scheduler = createScheduler({ resources: capacities })
  const nextRandom = randomNumbers()
  const pick = (): string => names[nextRandom() % resources] ?? ''
  for (let index = 0; index < tasks; index++) {
    scheduler.submit({ id: `${index}`, uses: each === 1 ? [pick()] : [pick(), pick()], run: noop })
  }
  await scheduler.idle()
}

async function noop(): Promise<void> {}

/** A linear congruential generator: scattered, and the same every time. */
function randomNumbers(): () => number {
  let random = 1
  return () => {
    random = (random * 48_271) % 2_147_483_647
    return random
  }
}
