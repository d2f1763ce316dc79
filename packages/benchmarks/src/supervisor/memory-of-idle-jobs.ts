import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { type Job, startJob } from '@singletrack/supervisor'

import { summarize } from './samples.ts'

const jobs = 1_000

/** The heap that a job takes before it has run anything. */
export async function memoryOfIdleJobs(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collectGarbage: unknown = runInNewContext('gc')
  const heap = (): number => {
    if (typeof collectGarbage === 'function') collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const samples: number[] = []
  // All are kept to the end: what a round frees would be taken off the next one.
  const kept: Job[] = []
  for (let round = 0; round < 8; round += 1) {
    const before = heap()
    for (let index = 0; index < jobs; index += 1) {
      kept.push(startJob({ program: { exec: 'server', args: [String(index)] } }).job)
    }
    if (round > 0) samples.push((heap() - before) / jobs / 1_024)
  }
  await Promise.all(kept.map((job) => job.delete()))
  const { median, low, high } = summarize(samples)
  process.stdout.write(`Heap of a job, ${jobs} idle jobs, 7 rounds (demand: 8 KiB)\n`)
  console.table([
    {
      subject: 'Job',
      KiB: median.toFixed(2),
      'half of the rounds': `${low.toFixed(2)} to ${high.toFixed(2)}`,
    },
  ])
}
