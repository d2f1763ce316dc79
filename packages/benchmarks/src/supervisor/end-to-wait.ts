import { type SpawnProcess, spawnProcess, startJob } from '@singletrack/supervisor'

import { summarize } from './samples.ts'

/** From the moment Node tells of a process's end to the moment `toWait` has settled. */
export async function endToWait(): Promise<void> {
  let endedAt = 0
  const spawn: SpawnProcess = (command, listener, signal) =>
    spawnProcess(
      command,
      {
        leaderEnded: (end) => {
          endedAt = performance.now()
          listener.leaderEnded(end)
        },
        troubled: (error) => listener.troubled(error),
      },
      signal,
    )
  const { job } = startJob({ program: { exec: '/bin/true' } }, { spawn })
  const samples: number[] = []
  for (let round = -5; round < 300; round += 1) {
    await job.start()
    await job.toWait()
    if (round >= 0) samples.push(performance.now() - endedAt)
  }
  await job.delete()
  const { median, low, high } = summarize(samples)
  process.stdout.write('Exit event to toWait, 300 rounds (demand: at most 1 ms)\n')
  console.table([
    {
      subject: 'Job',
      'median ms': median.toFixed(3),
      'half of the rounds': `${low.toFixed(3)} to ${high.toFixed(3)}`,
      'largest ms': Math.max(...samples).toFixed(3),
    },
  ])
}
