import { cpus, loadavg } from 'node:os'
import { pathToFileURL } from 'node:url'

import { type Policy, fifo, priority } from '@singletrack/scheduler'

import { costAtDepth, manyResources } from './growth.ts'
import { type Measurement, format, measure } from './measure.ts'
import { awaited, synchronous, throughput } from './throughput.ts'

const rounds = 7
const tasks = 100_000

/** Prints what the scheduler costs, beside p-queue and fastq where they can do the same. */
export async function run(): Promise<void> {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`
  console.log(
    `scheduler: ${rounds} rounds in turn, median (min–max), elapsed and of the processor; ` +
      `Node ${process.version}, ${machine}, load ${loadavg()[0]?.toFixed(0)}`,
  )
  await printThroughput()
  await printDepth('fifo', fifo())
  await printDepth('priority', priority())
  await printResources(1)
  await printResources(2)
}

async function printThroughput(): Promise<void> {
  console.log(`\n${tasks} async functions that do nothing, one at a time: add each, await the end`)
  printBeside(await measure(withTasks(throughput), rounds), 'p-queue')
  console.log(`\nthe same with functions that return no promise`)
  printBeside(await measure(withTasks(synchronous), rounds), 'p-queue')
  console.log(`\nasync functions again, and the outcome of each awaited`)
  printBeside(await measure(withTasks(awaited), rounds), 'p-queue')
}

async function printDepth(name: string, policy: Policy): Promise<void> {
  const depths = [100, 100_000] as const
  const costs: Record<number, number[]> = { 100: [], 100_000: [] }
  for (let round = -1; round < rounds; round++) {
    for (const depth of depths) {
      const cost = await costAtDepth(depth, policy)
      if (round >= 0) costs[depth]?.push(cost)
    }
  }
  const [shallow, deep] = depths.map((depth) => median(costs[depth] ?? []))
  const ratio = (deep ?? Number.NaN) / (shallow ?? Number.NaN)
  // log2(100,000) / log2(100) is 2.5.
  console.log(
    `\nsubmit + admit + end under ${name}: ${shallow?.toFixed(2)} µs with 100 queued, ` +
      `${deep?.toFixed(2)} µs with 100000 (${ratio.toFixed(1)}×; log n would be 2.5×)`,
  )
}

async function printResources(each: 1 | 2): Promise<void> {
  // Each sample runs as many tasks, so that all of them pay alike for compilation and garbage.
  const sizes = { small: 1000, medium: 10_000, big: 100_000 }
  const repeated = async (size: number): Promise<void> => {
    for (let done = 0; done < sizes.big; done += size) await manyResources(size, 1000, each)
  }
  const { small, medium, big } = await measure(
    {
      small: () => repeated(sizes.small),
      medium: () => repeated(sizes.medium),
      big: () => repeated(sizes.big),
    },
    5,
  )
  console.log(`\n${sizes.big} tasks that need ${each} of 1000 resources, in batches`)
  console.log(`  of 1000   ${format(small)}`)
  console.log(`  of 10000  ${format(medium)}`)
  console.log(`            ${growth(medium, small)}`)
  console.log(`  of 100000 ${format(big)}`)
  console.log(`            ${growth(big, medium)}`)
}

function withTasks<Name extends string>(
  subjects: Readonly<Record<Name, (count: number) => Promise<void>>>,
): Record<Name, () => Promise<void>> {
  const entries = Object.entries<(count: number) => Promise<void>>(subjects)
  const bound = entries.map(([name, subject]) => [name, () => subject(tasks)])
  return Object.fromEntries(bound) as Record<Name, () => Promise<void>> // oxlint-disable-line typescript/no-unsafe-type-assertion -- the names are those of the argument
}

function printBeside(results: Readonly<Record<string, Measurement>>, peer: string): void {
  const reference = results[peer]
  for (const [name, result] of Object.entries(results)) {
    console.log(`  ${name.padEnd(10)} ${format(result)}`)
    if (reference === undefined) continue
    const { elapsed, processor, least } = ratios(reference, result)
    console.log(
      `             ${elapsed.toFixed(2)}× the throughput of ${peer}, ` +
        `${processor.toFixed(2)}× by processor time, ${least.toFixed(2)}× by the least of it`,
    )
  }
}

/** A batch of ten times the tasks is run a tenth as often in the same sample. */
function growth(bigger: Measurement, smaller: Measurement): string {
  const { elapsed, processor, least } = ratios(bigger, smaller)
  return (
    `10× the tasks take ${(10 * elapsed).toFixed(1)}× the time, ` +
    `${(10 * processor).toFixed(1)}× by processor time, ${(10 * least).toFixed(1)}× by the least of it`
  )
}

/** How many times as much one took as the other. On a busy machine the least says most. */
function ratios(
  one: Measurement,
  other: Measurement,
): { readonly elapsed: number; readonly processor: number; readonly least: number } {
  return {
    elapsed: one.elapsed.median / other.elapsed.median,
    processor: one.processor.median / other.processor.median,
    least: one.processor.min / other.processor.min,
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run()
