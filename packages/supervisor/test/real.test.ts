import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { type Command, type Job, type OutputLine, startJob } from '../src/index.ts'
import { parseProcessStat } from '../src/process/process-stat.ts'

/** More for a long search: `SINGLETRACK_CYCLES=10000 vitest run test/real.test.ts`. */
const cycles = Number(process.env['SINGLETRACK_CYCLES'] ?? 1_000)

const shell = (command: string, options: Command['options'] = {}): Command => ({
  program: { shell: 'sh', command },
  options,
})

/** A job that is disposed of with its lines collected. */
function start(command: Command): { job: Job; lines: OutputLine[] } & AsyncDisposable {
  const { job } = startJob(command)
  const lines: OutputLine[] = []
  job.output.on((line) => {
    lines.push(line)
  })
  return { job, lines, [Symbol.asyncDispose]: () => job[Symbol.asyncDispose]() }
}

/** Waits for a line that begins like this, and gives the rest of it. */
async function lineOf(job: Job, beginning: string): Promise<string> {
  for await (const { line } of job.output) {
    if (line.startsWith(beginning)) return line.slice(beginning.length).trim()
  }
  throw new Error(`no line began with ${beginning}`)
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    return parseProcessStat(await readFile(`/proc/${pid}/stat`, 'latin1'))?.isAlive ?? false
  } catch {
    return false
  }
}

async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'singletrack-supervisor-'))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

describe('programs', () => {
  test('without a shell', async () => {
    await using on = start({ program: { exec: 'echo', args: ['a  b', '$HOME'] } })
    await on.job.start()
    expect(await on.job.toWait()).toEqual({ status: 'done', end: { kind: 'success' } })
    await on.job.output.drained()
    expect(on.lines.map(({ line }) => line)).toEqual(['a  b $HOME'])
  })

  test('through sh, and a shell with options and arguments', async () => {
    await using on = start({
      program: {
        shell: 'bash',
        shellOptions: ['-o', 'errexit'],
        command: 'echo "$0 $1"; false; echo never',
        args: ['zero', 'one'],
      },
    })
    await on.job.start()
    expect((await on.job.toWait()).end).toEqual({ kind: 'exitError', code: 1 })
    await on.job.output.drained()
    expect(on.lines.map(({ line }) => line)).toEqual(['zero one'])
  })

  test('environment: added, removed, and nothing but what is given', async () => {
    const print = 'echo ${A-unset} ${HOME-unset}'
    await using added = start(shell(print, { env: { A: '1', HOME: undefined } }))
    await added.job.start()
    await using alone = start(
      shell(print, { env: { PATH: process.env['PATH'] }, extendEnv: false }),
    )
    await alone.job.start()
    await Promise.all([added.job.toWait(), alone.job.toWait()])
    await Promise.all([added.job.output.drained(), alone.job.output.drained()])
    expect(added.lines.map(({ line }) => line)).toEqual(['1 unset'])
    expect(alone.lines.map(({ line }) => line)).toEqual(['unset unset'])
  })

  test('stdin is a pipe where it is asked for', async () => {
    await using on = start({ program: { exec: 'cat' }, options: { stdin: 'pipe' } })
    await on.job.start()
    on.job.stdin?.end('hello\n')
    await on.job.toWait()
    await on.job.output.drained()
    expect(on.lines.map(({ line }) => line)).toEqual(['hello'])
  })

  test('group: false stays in our process group', async () => {
    const ours = parseProcessStat(await readFile('/proc/self/stat', 'latin1'))?.processGroup
    await using on = start({
      program: { exec: 'cat', args: ['/proc/self/stat'] },
      options: { group: false },
    })
    await on.job.start()
    await on.job.toWait()
    await on.job.output.drained()
    expect(parseProcessStat(on.lines[0]?.line ?? '')?.processGroup).toBe(ours)
  })
})

describe('spawn failures', () => {
  test('a missing program', async () => {
    await using on = start({ program: { exec: 'no-such-program-here' } })
    const outcome = await on.job.start()
    expect(outcome).toMatchObject({ status: 'failed', error: { errno: 'ENOENT' } })
    expect(outcome.error?.message).toMatch(
      /^cannot start no-such-program-here in .*: there is no program named no-such-program-here on PATH/,
    )
    expect(on.job.state).toEqual({ kind: 'pending' })
  })

  test('a file without the execute right, with and without a gate', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'program')
    await writeFile(file, '#!/bin/sh\n')
    for (const options of [{}, { gate: async () => {} }]) {
      await using on = start({ program: { exec: file }, options })
      const outcome = await on.job.start()
      expect(outcome).toMatchObject({ status: 'failed', error: { errno: 'EACCES' } })
      expect(outcome.error?.message).toContain('try chmod +x')
    }
  })

  test('a directory that may not be entered', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may enter every directory')
    await using folder = await temporaryFolder()
    const closed = join(folder.path, 'closed')
    await mkdir(closed)
    await chmod(closed, 0o600)
    await using on = start({ program: { exec: 'true' }, options: { cwd: closed } })
    expect(await on.job.start()).toMatchObject({ status: 'failed', error: { errno: 'EACCES' } })
  })

  test('a working directory that has vanished since the last run', async () => {
    const folder = await temporaryFolder()
    await using on = start({ program: { exec: 'true' }, options: { cwd: folder.path } })
    expect(await on.job.start()).toEqual({ status: 'done' })
    await on.job.toWait()
    await folder[Symbol.asyncDispose]()
    const outcome = await on.job.start()
    expect(outcome.error?.message).toBe(
      `cannot start true in ${folder.path}: that directory does not exist`,
    )
  })

  test('arguments that are too long', async () => {
    await using on = start({ program: { exec: 'true', args: ['x'.repeat(4_000_000)] } })
    const outcome = await on.job.start()
    expect(outcome).toMatchObject({ status: 'failed', error: { errno: 'E2BIG' } })
    expect(outcome.error?.message.length).toBeLessThan(600)
  })
})

describe('groups', () => {
  test('a restart waits for the real program to end', async () => {
    await using on = start(
      shell('trap "sleep 1; exit 0" TERM; echo ready; while :; do sleep 0.05; done', {}),
    )
    const ready = lineOf(on.job, 'ready')
    await on.job.start()
    await ready
    const before = on.job.state
    await on.job.restartWithSignal('SIGTERM', 30_000)
    const finished = await new Promise<number>((resolve) => {
      void on.job.run(({ previous }) => resolve(previous?.finishedAt ?? 0))
    })
    expect(before.kind === 'running' && finished - before.startedAt).toBeGreaterThanOrEqual(800)
    expect(on.job.state).toMatchObject({ kind: 'running', runId: 2 })
  })

  test('grandchildren that outlive the leader are ended with the run', async () => {
    await using on = start(shell('sleep 1000 & echo "pid $!"', { lingerMs: 50 }))
    const pid = lineOf(on.job, 'pid')
    await on.job.start()
    expect(await on.job.toWait()).toEqual({ status: 'done', end: { kind: 'success' } })
    expect(await isAlive(Number(await pid))).toBe(false)
  })

  test('reap: leader leaves them alone', async () => {
    await using on = start(shell('sleep 1000 >/dev/null 2>&1 & echo "pid $!"', { reap: 'leader' }))
    const line = lineOf(on.job, 'pid')
    await on.job.start()
    await on.job.toWait()
    const pid = Number(await line)
    expect(await isAlive(pid)).toBe(true)
    process.kill(pid, 'SIGKILL')
  })

  test('a program that ignores SIGTERM is killed with its children', async () => {
    await using on = start(shell('trap "" TERM; sleep 1000 & echo "pid $!"; wait; sleep 1000'))
    const pid = lineOf(on.job, 'pid')
    await on.job.start()
    await pid
    expect(await on.job.stopWithSignal('SIGTERM', 50)).toEqual({
      status: 'done',
      end: { kind: 'exitSignal', signal: 'SIGKILL' },
    })
    expect(await isAlive(Number(await pid))).toBe(false)
  })

  test('a stopped program ends by SIGTERM, not by the end of its grace', async () => {
    await using on = start({ program: { exec: 'sleep', args: ['1000'] } })
    await on.job.start()
    await on.job.signal('SIGSTOP')
    expect((await on.job.stopWithSignal('SIGTERM', 2_000_000)).end).toEqual({
      kind: 'exitSignal',
      signal: 'SIGTERM',
    })
  })

  test('the job’s owner is process 1 of a pid namespace, where nobody reaps orphans', async ({
    skip,
  }) => {
    const unshare = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc']
    try {
      execFileSync('unshare', [...unshare, 'true'], { stdio: 'ignore' })
    } catch {
      skip('this system does not let us make a pid namespace')
    }
    const owner = join(import.meta.dirname, 'fixtures/owner-of-orphans.ts')
    const output = execFileSync('unshare', [...unshare, process.execPath, owner], {
      encoding: 'utf8',
    })
    expect(JSON.parse(output)).toEqual({
      pid: 1,
      zombies: 1,
      end: { kind: 'success' },
      leftovers: [],
    })
  })
})

describe('gate', () => {
  test('the program runs only when the gate has opened, with the pid the gate was told', async () => {
    await using folder = await temporaryFolder()
    const proof = join(folder.path, 'proof')
    const gate = Promise.withResolvers<void>()
    let told: readonly number[] = []
    await using on = start(
      shell(`echo "$$" > ${proof}; echo "pid $$"`, {
        env: { 'odd.name': 'kept' },
        gate: async (...facts) => {
          told = facts
          await gate.promise
        },
      }),
    )
    const pid = lineOf(on.job, 'pid')
    const started = on.job.start()
    await expect.poll(() => told.length).toBe(2)
    expect(await readdir(folder.path)).toEqual([])
    gate.resolve()
    expect(await started).toEqual({ status: 'done' })
    const number = Number(await pid)
    expect(told).toEqual([number, number])
    await on.job.toWait()
  })

  test('a gate that rejects ends the process unrun', async () => {
    let pid = 0
    await using on = start(
      shell('echo never', {
        gate: async (told) => {
          pid = told
          throw new Error('disk full')
        },
      }),
    )
    const outcome = await on.job.start()
    expect(outcome.error?.message).toMatch(/the gate did not open: disk full$/)
    expect(await isAlive(pid)).toBe(false)
    expect(on.lines).toEqual([])
  })

  test('the program sees its environment, odd names included, and no extra file', async () => {
    const print =
      'console.log(process.env["odd.name"], process.env.__gate, require("fs").existsSync("/proc/self/fd/3") && require("fs").readlinkSync("/proc/self/fd/3").startsWith("socket"))'
    await using on = start({
      program: { exec: process.execPath, args: ['-e', print] },
      options: { env: { 'odd.name': 'kept' }, gate: async () => {} },
    })
    await on.job.start()
    await on.job.toWait()
    await on.job.output.drained()
    expect(on.lines.map(({ line }) => line)).toEqual(['kept undefined false'])
  })
})

describe('output', () => {
  test('colors, both streams, a last line without a newline', async () => {
    await using on = start(shell('printf "\\033[31mred\\033[0m\\r\\nlast"; printf err >&2'))
    await on.job.start()
    await on.job.toWait()
    await on.job.output.drained()
    const of = (name: string) =>
      on.lines.filter(({ stream }) => stream === name).map(({ line, partial }) => [line, partial])
    expect(of('stdout')).toEqual([
      ['\u001B[31mred\u001B[0m', false],
      ['last', true],
    ])
    expect(of('stderr')).toEqual([['err', true]])
  })

  test('a program that closes its output lives on', async () => {
    await using on = start(shell('exec >&- 2>&-; sleep 1000'))
    await on.job.start()
    expect(await on.job.signal('SIGWINCH')).toEqual({ status: 'done' })
    expect(on.job.isRunning()).toBe(true)
  })

  test('a flood that nobody reads neither stalls the program nor its stop', async () => {
    const { job } = startJob(shell('head -c 50000000 /dev/zero; yes'))
    await job.start()
    expect((await job.stopWithSignal('SIGTERM', 30_000)).status).toBe('done')
    await job[Symbol.asyncDispose]()
  })

  test('a listener that takes its time holds the program back, and loses nothing', async () => {
    const { job } = startJob(shell('i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done'))
    const lines: string[] = []
    job.output.on(async ({ line }) => {
      if (lines.length % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
      lines.push(line)
    })
    await job.start()
    await job.toWait()
    await job.output.drained()
    expect(lines).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index)))
    await job[Symbol.asyncDispose]()
  })

  test('a listener that never comes back stalls neither the end of a run nor the deletion', async () => {
    const { job } = startJob(shell('yes'))
    const first = Promise.withResolvers<void>()
    job.output.on(async () => {
      first.resolve()
      await new Promise(() => {})
    })
    await job.start()
    await first.promise
    expect((await job.stop()).status).toBe('done')
    await job[Symbol.asyncDispose]()
    expect(job.isDead()).toBe(true)
  })

  test('an orphan outside the group that holds the pipe does not hold the deletion', async () => {
    await using on = start(shell('setsid sleep 1000 & echo "pid $!"'))
    const line = lineOf(on.job, 'pid')
    await on.job.start()
    await on.job.toWait()
    await on.job.output.drained()
    await on.job.delete()
    await on.job.task
    process.kill(Number(await line), 'SIGKILL')
  })
})

describe('leaks', () => {
  test('many short runs leave no file, listener, timer, zombie or process', async () => {
    const { job } = startJob({ program: { exec: 'true' } })
    await job.start()
    await job.toWait()
    await job.output.drained()
    const before = await openFiles()
    for (let round = 0; round < cycles; round += 1) {
      await job.start()
      await job.toWait()
    }
    await job.output.drained()
    await expect.poll(openFiles).toBeLessThanOrEqual(before)
    await job.delete()
    const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')
    expect(children.trim()).toBe('')
  })
})
