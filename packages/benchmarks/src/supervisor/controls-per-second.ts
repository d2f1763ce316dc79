import { startJob } from '@singletrack/supervisor'
import fastq from 'fastq'

import { summarize } from './samples.ts'

const controls = 200_000
const nothing = (): void => {}

async function throughJob(): Promise<void> {
  const { job } = startJob({ program: { exec: '/bin/true' } })
  for (let sent = 1; sent < controls; sent += 1) void job.run(nothing)
  await job.run(nothing)
  await job.delete()
}

async function throughFastq(): Promise<void> {
  const queue = fastq.promise(async () => {}, 1)
  let last: Promise<void> = Promise.resolve()
  for (let sent = 0; sent < controls; sent += 1) last = queue.push(undefined)
  await last
}

/** How many controls that do nothing one job serves, beside a queue that does nothing else. */
export async function controlsPerSecond(): Promise<void> {
  const rates = new Map<string, number[]>()
  for (let round = 0; round < 8; round += 1) {
    for (const [subject, run] of [
      ['Job, run(() => {})', throughJob],
      ['fastq, concurrency 1', throughFastq],
    ] as const) {
      const begin = performance.now()
      await run()
      if (round === 0) continue
      const rate = controls / ((performance.now() - begin) / 1_000)
      rates.set(subject, [...(rates.get(subject) ?? []), rate])
    }
  }
  process.stdout.write(`Controls a second, ${controls} at once, 7 rounds (demand: 500,000)\n`)
  console.table(
    [...rates].map(([subject, samples]) => {
      const { median, low, high } = summarize(samples)
      return {
        subject,
        'a second': shown(median),
        'half of the rounds': `${shown(low)} to ${shown(high)}`,
      }
    }),
  )
}

function shown(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}
