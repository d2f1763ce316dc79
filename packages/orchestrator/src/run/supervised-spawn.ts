import { type Job, type JobEvent, type Program, startJob } from '@singletrack/supervisor'

import type { CommandLine } from '../configuration/index.ts'
import { cleanLine } from '../logs/index.ts'
import type { Child, ChildEnd, Spawn } from './child.ts'
import { endOfJob, spawnFailure } from './job-end.ts'

/** Starts a child as a Job of its own: one run, its whole group, from its gate to its last line. */
export const supervisedSpawn: Spawn = async (request) => {
  const { command, cwd, env, onLine, gate, maxLineBytes, group = true } = request
  const { job } = startJob({
    program: programOf(command),
    options: {
      cwd,
      env,
      extendEnv: false,
      group,
      ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
      ...(gate === undefined ? {} : { gate: async (pid) => gate(pid) }),
    },
  })
  job.output.on(({ stream, line }) => onLine({ stream, line: cleanLine(line) }))
  const ended = endOf(job)
  const started = await job.start()
  const { state } = job
  if (started.status !== 'done' || state.kind === 'pending') {
    await job.deleteNow()
    return { kind: 'failed', end: spawnFailure(started.error) }
  }
  return { kind: 'spawned', child: childOf(job, state.pid, ended) }
}

function childOf(job: Job, pid: number, ended: Promise<ChildEnd>): Child {
  return {
    pid,
    ended,
    stop: (signal, graceMs) => void job.stopWithSignal(signal, graceMs),
    signal: async (signal) => (await job.signal(signal)).status === 'done',
  }
}

/** Resolves when no process of the run is left and its last line has been delivered. */
async function endOf(job: Job): Promise<ChildEnd> {
  let forced = false
  const finished = await new Promise<Extract<JobEvent, { kind: 'finished' }> | null>((resolve) => {
    job.events.on((event) => {
      if (event.kind === 'stopping' && event.signal === 'SIGKILL') forced = true
      if (event.kind === 'finished') resolve(event)
      if (event.kind === 'deleted') resolve(null)
    })
  })
  if (finished === null) return { end: { kind: 'code', code: 0 }, forced, leftovers: [] }
  await job.output.drained()
  await job.delete()
  return { end: endOfJob(finished.end), forced, leftovers: finished.leftovers }
}

function programOf(command: CommandLine): Program {
  if (command.kind === 'shell') return { shell: 'sh', command: command.line }
  const [exec, ...args] = command.argv
  return { exec, args }
}
