import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { describe, expect, onTestFinished, test } from 'vitest'

import type { RemainingProcess } from './end-marked.ts'
import { ProcTable } from './proc-table.ts'
import { endStrays, straysOf } from './strays.ts'

const table = new ProcTable()

/** A process of this job in a group of its own, which is up when it has printed a line. */
async function stray(script: string, job: string): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SINGLETRACK_JOB: job },
  })
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(-(child.pid ?? 0), 'SIGKILL')
  })
  await once(child.stdout, 'data')
  return child
}

/** What the build of this mark has left. */
const left = (job: string): readonly RemainingProcess[] =>
  straysOf(table, new Set([job])).get(job) ?? []

const pidsOf = (job: string): readonly number[] =>
  table
    .findMarked(new Set([job]))
    .map(({ pid }) => pid)
    .toSorted((a, b) => a - b)

describe.runIf(process.platform === 'linux')('what left the group of a job (needs /proc)', () => {
  test('nothing is there to end, and nothing is ended', async () => {
    expect(await endStrays(table, randomUUID())).toEqual([])
    expect(left(randomUUID())).toEqual([])
  })

  test('strays of a run are ended, each in its own group', async () => {
    const job = randomUUID()
    await stray('echo up; sleep 1000', job)
    await stray('sleep 1000 & echo up; wait', job)
    expect(pidsOf(job).length).toBeGreaterThan(2)
    expect(await endStrays(table, job)).toEqual([])
    expect(pidsOf(job)).toEqual([])
  })

  test('a stray that ignores SIGTERM is killed', async () => {
    const job = randomUUID()
    await stray('trap "" TERM; echo up; while :; do sleep 1000; done', job)
    expect(await endStrays(table, job)).toEqual([])
    expect(pidsOf(job)).toEqual([])
  })

  test('a stray that is stopped is ended too', async () => {
    const job = randomUUID()
    const child = await stray('echo up; sleep 1000', job)
    process.kill(-(child.pid ?? 0), 'SIGSTOP')
    expect(await endStrays(table, job)).toEqual([])
    expect(pidsOf(job)).toEqual([])
  })

  test('processes of another job must not be touched', async () => {
    const [job, other] = [randomUUID(), randomUUID()]
    await stray('echo up; sleep 1000', job)
    await stray('echo up; sleep 1000', other)
    const before = pidsOf(other)
    await endStrays(table, job)
    expect(pidsOf(other)).toEqual(expect.arrayContaining([...before]))
  })

  test('strays of a build are named, and left alone', async () => {
    const job = randomUUID()
    const { pid } = await stray('echo up; while :; do sleep 1000; done', job)
    expect(left(job)).toContainEqual({
      ...table.identity(pid ?? 0),
      command: 'sh -c echo up; while :; do sleep 1000; done',
    })
    expect(pidsOf(job)).toContain(pid)
  })

  test('a child without a mark is nobody’s stray', async () => {
    const { pid } = await stray('echo up; sleep 1000', '')
    expect(await endStrays(table, '')).toEqual([])
    expect(left('')).toEqual([])
    expect(table.identity(pid ?? 0)).not.toBe(null)
  })
})
