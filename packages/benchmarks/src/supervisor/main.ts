import { controlsPerSecond } from './controls-per-second.ts'
import { endToWait } from './end-to-wait.ts'
import { memoryOfIdleJobs } from './memory-of-idle-jobs.ts'
import { spawnToExit } from './spawn-to-exit.ts'

/** Prints the supervisor's numbers beside those of what it is built on. */
export async function run(): Promise<void> {
  await spawnToExit()
  await endToWait()
  await controlsPerSecond()
  await memoryOfIdleJobs()
}

if (import.meta.main) await run()
