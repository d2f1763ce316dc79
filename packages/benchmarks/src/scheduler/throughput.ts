import { createScheduler } from '@singletrack/scheduler'
import fastq from 'fastq'
import PQueue from 'p-queue'

type Subject = (tasks: number) => Promise<void>

type Noop = () => Promise<void> | void

const noop = async (): Promise<void> => {}

/**
 * Runs so many tasks that do nothing, one at a time, and waits until the queue is empty: add a
 * function, await the end, each queue by its shortest documented way. The scheduler's tasks have a
 * name each, as its tasks must; those of the others have none.
 */
export const throughput = withNoop(noop)

/** The same with a function that returns at once instead of a promise. */
export const synchronous = withNoop(() => {})

function withNoop(task: Noop): Record<'scheduler' | 'p-queue' | 'fastq', Subject> {
  return {
    scheduler: async (tasks) => {
      const scheduler = createScheduler({ concurrency: 1 })
      for (let index = 0; index < tasks; index++) scheduler.submit({ id: `${index}`, run: task })
      await scheduler.idle()
    },
    'p-queue': async (tasks) => {
      const queue = new PQueue({ concurrency: 1 })
      for (let index = 0; index < tasks; index++) void queue.add(task)
      await queue.onIdle()
    },
    fastq: async (tasks) => {
      const queue = fastq.promise(async () => task(), 1)
      for (let index = 0; index < tasks; index++) void queue.push(undefined)
      await queue.drained()
    },
  }
}

/** The same, but every task is awaited through its handle. */
export const awaited = {
  scheduler: async (tasks: number): Promise<void> => {
    const scheduler = createScheduler({ concurrency: 1 })
    const settled: Promise<unknown>[] = []
    for (let index = 0; index < tasks; index++) {
      settled.push(scheduler.submit({ id: `${index}`, run: noop }).settled)
    }
    await Promise.all(settled)
  },
  'p-queue': async (tasks: number): Promise<void> => {
    const queue = new PQueue({ concurrency: 1 })
    const settled: Promise<unknown>[] = []
    for (let index = 0; index < tasks; index++) settled.push(queue.add(noop))
    await Promise.all(settled)
  },
}
