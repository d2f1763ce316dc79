import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { External } from './external.ts'
import type { Stall } from './stall-meter.ts'
import type { SubjectName, SubjectStats, Told } from './subject.ts'

const PROGRAM = fileURLToPath(new URL('subject.ts', import.meta.url))

export interface SubjectProcess extends AsyncDisposable {
  /** Stops the process that watches, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  stats(): Promise<SubjectStats>
  cpuMs(): Promise<number>
  sync(): Promise<void>
  /** Collects all garbage. */
  collect(): Promise<void>
  named(): Promise<{ readonly told: readonly Told[]; readonly batches: number }>
  stall(): Promise<Stall>
}

/** Starts a watcher in a process of its own, and waits until it is ready. */
export async function startSubject(
  name: SubjectName,
  root: string,
  targets = 1,
): Promise<SubjectProcess> {
  // The packages as they are published: stripping types costs time and memory of its own.
  const args = ['--expose-gc', PROGRAM, name, root]
  const child = spawn(process.execPath, [...args, `${targets}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async <Answer>(question: string): Promise<Answer> => {
    if (question !== '') child.stdin.write(`${question}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${name} ended`)
    const answer: Answer = JSON.parse(value)
    return answer
  }
  const { pid, place } = await ask<External>('')
  return {
    signal: (signal) => void process.kill(pid, signal),
    stats: () => ask('stats'),
    cpuMs: async () => (await ask<{ readonly cpuMs: number }>('cpu')).cpuMs,
    sync: () => ask('sync'),
    collect: () => ask('collect'),
    named: () => ask('named'),
    stall: () => ask('stall'),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      if (pid !== child.pid) process.kill(pid, 'SIGKILL')
      child.kill('SIGKILL')
      await ended
      if (place !== undefined) rmSync(place, { recursive: true, force: true })
    },
  }
}
