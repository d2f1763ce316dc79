import { spawn } from 'node:child_process'

import { startJob } from '@singletrack/supervisor'
import { execa } from 'execa'

import { byTurns, summarize } from './samples.ts'

const program = '/bin/true'
const stdio = ['ignore', 'pipe', 'pipe'] as const

function bare(): Promise<void> {
  return new Promise((resolve) => {
    spawn(program, [], { stdio: [...stdio] }).once('exit', () => resolve())
  })
}

/** With the options that a job needs of it: a group, nothing buffered, nothing thrown. */
function withExeca(): Promise<void> {
  return new Promise((resolve) => {
    const options = { stdio, buffer: false, reject: false, cleanup: false, detached: true } as const
    execa(program, [], options).nodeChildProcess.once('exit', () => resolve())
  })
}

/** Spawn to exit of a program that does nothing, through a job and without. */
export async function spawnToExit(): Promise<void> {
  const { job } = startJob({ program: { exec: program } })
  const gated = startJob({ program: { exec: program }, options: { gate: async () => {} } }).job
  const samples = await byTurns(
    {
      'child_process.spawn': bare,
      execa: withExeca,
      Job: async () => {
        await job.start()
        await job.toWait()
      },
      'Job, gated': async () => {
        await gated.start()
        await gated.toWait()
      },
    },
    300,
  )
  await Promise.all([job.delete(), gated.delete()])

  const base = samples.get('child_process.spawn') ?? []
  const rows = [...samples].map(([subject, times]) => {
    const { median } = summarize(times)
    const ratio = summarize(times.map((time, round) => time / (base[round] ?? Number.NaN)))
    return {
      subject,
      'median ms': median.toFixed(2),
      'ratio to spawn': ratio.median.toFixed(2),
      'half of the rounds': `${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}`,
    }
  })
  process.stdout.write(`Spawn to exit of ${program}, 300 rounds (demand: Job at most 1.15)\n`)
  console.table(rows)
}
