import { type Clock, systemClock } from './clock.ts'
import type { Command } from './command/command.ts'
import type { Job } from './job.ts'
import type { SpawnProcess } from './process/process-handle.ts'
import { spawnProcess } from './process/spawn-process.ts'
import { TaskJob } from './task-job.ts'
import { JobTask } from './task/job-task.ts'
import { validCommand } from './valid-arguments.ts'

/** What a job takes from its surroundings; for tests, and for processes of another kind. */
export interface JobSurroundings {
  readonly clock?: Clock
  readonly spawn?: SpawnProcess
}

/**
 * Begins the task of a job. Nothing is spawned until `job.start()`. The task lives until the job is
 * deleted or disposed of; a job that is merely forgotten goes on as it is.
 *
 * @returns the job, and a promise that resolves when its task has ended and cleaned up
 */
export function startJob(
  command: Command,
  surroundings: JobSurroundings = {},
): { readonly job: Job; readonly task: Promise<void> } {
  const { clock = systemClock, spawn = spawnProcess } = surroundings
  const task = new JobTask(validCommand(command), clock, spawn)
  return { job: new TaskJob(task), task: task.ended }
}
