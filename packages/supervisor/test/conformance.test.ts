import { describe, expect, test } from 'vitest'

import type { JobContext, JobError } from '../src/index.ts'
import { rig } from './rig.ts'

const graceMs = 10
/** Takes twice the grace to end. */
const slow = { onSignal: { SIGTERM: { endsAfterMs: 20 }, SIGUSR1: { endsAfterMs: 20 } } } as const
/** Takes two thirds of the grace to end, with status 1. */
const quick = {
  onSignal: { SIGTERM: { endsAfterMs: 6, end: { kind: 'exitError', code: 1 } } },
} as const
const missing = { spawnFails: 'ENOENT' }

async function contextOf({ job }: ReturnType<typeof rig>): Promise<JobContext> {
  let context: JobContext | undefined
  await job.run((now) => {
    context = now
  })
  if (context === undefined) throw new Error('the function was not called')
  return context
}

describe('error handler', () => {
  test('is called before the ticket of a failed start settles', async () => {
    await using on = rig([missing])
    const errors: JobError[] = []
    await on.job.setErrorHandler((error) => {
      errors.push(error)
    })
    const outcome = await on.job.start()
    expect(errors.map(({ code }) => code)).toEqual(['SPAWN_FAILED'])
    expect(outcome).toMatchObject({ status: 'failed', error: { errno: 'ENOENT' } })
  })

  test('may be async, and the ticket of a failed start waits for it', async () => {
    await using on = rig([missing])
    let isDone = false
    await on.job.setErrorHandler(async () => {
      await Promise.resolve()
      await Promise.resolve()
      isDone = true
    })
    await on.job.start()
    expect(isDone).toBe(true)
  })

  test('is not called once it has been taken away', async () => {
    await using on = rig([missing])
    let calls = 0
    void on.job.setErrorHandler(() => {
      calls += 1
    })
    void on.job.unsetErrorHandler()
    await on.job.start()
    expect(calls).toBe(0)
  })
})

describe('queue', () => {
  test('all controls before the awaited one have run', async () => {
    await using on = rig()
    const order: string[] = []
    void on.job.run(() => order.push('first'))
    void on.job.runAsync(async () => {
      await Promise.resolve()
      order.push('second')
    })
    void on.job.start()
    await on.job.run(({ current }) => order.push(current.kind))
    expect(order).toEqual(['first', 'second', 'running'])
  })

  test.for(['run', 'runAsync'] as const)('%s calls its function in its turn', async (method) => {
    await using on = rig()
    let isCalled = false
    const ticket =
      method === 'run'
        ? on.job.run(() => {
            isCalled = true
          })
        : on.job.runAsync(async () => {
            isCalled = true
            await Promise.resolve()
          })
    expect(isCalled).toBe(false)
    expect(await ticket).toEqual({ status: 'done' })
    expect(isCalled).toBe(true)
  })

  test('a signal after an unawaited start reaches the process', async () => {
    await using on = rig([{ onSignal: { SIGUSR1: 'ignore' } }])
    void on.job.start()
    expect(await on.job.signal('SIGUSR1')).toEqual({ status: 'done' })
    expect(on.processes.last.signals).toEqual([{ signal: 'SIGUSR1', at: 0 }])
  })
})

describe('start and stop', () => {
  test('start spawns, and a second start does nothing', async () => {
    await using on = rig()
    expect(on.job.state).toEqual({ kind: 'pending' })
    expect(await on.job.start()).toEqual({ status: 'done' })
    expect(on.job.state).toMatchObject({ kind: 'running', runId: 1, startedAt: 0 })
    expect(await on.job.start()).toEqual({ status: 'skipped' })
    expect(on.processes.all).toHaveLength(1)
  })

  test('stop ends the run and says how it ended', async () => {
    await using on = rig()
    await on.job.start()
    expect(await on.job.stop()).toEqual({
      status: 'done',
      end: { kind: 'exitSignal', signal: 'SIGKILL' },
    })
    expect(on.job.state).toMatchObject({ kind: 'finished', runId: 1, leftovers: [] })
  })

  test('stop of a pending job leaves it pending, and it starts afterwards', async () => {
    await using on = rig()
    expect(await on.job.stop()).toEqual({ status: 'skipped' })
    expect(on.job.state).toEqual({ kind: 'pending' })
    await on.job.start()
    expect(on.job.isRunning()).toBe(true)
  })

  test('a process that fails when it is stopped is shown with its status', async () => {
    await using on = rig([quick])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', graceMs)
    await on.clock.advance(6)
    expect(await stopped).toEqual({ status: 'done', end: { kind: 'exitError', code: 1 } })
    expect(await on.job.stop()).toEqual({
      status: 'skipped',
      end: { kind: 'exitError', code: 1 },
    })
  })
})

describe('graceful stop', () => {
  test('inside the grace: finished at the real end', async () => {
    await using on = rig([quick])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', graceMs)
    await on.clock.advance(5)
    expect(on.job.state).toMatchObject({ kind: 'stopping', signal: 'SIGTERM', deadline: 10 })
    expect(stopped.outcome).toBe(undefined)
    await on.clock.advance(1)
    expect(on.job.state).toMatchObject({ kind: 'finished', finishedAt: 6 })
    expect(stopped.outcome?.status).toBe('done')
    expect(on.clock.timerCount).toBe(0)
  })

  test('beyond the grace: killed at its end', async () => {
    await using on = rig([slow])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGUSR1', graceMs)
    await on.clock.advance(9)
    expect(on.job.isRunning()).toBe(true)
    expect(on.processes.last.signals.map(({ signal }) => signal)).toEqual(['SIGUSR1', 'SIGCONT'])
    await on.clock.advance(1)
    expect(await stopped).toEqual({
      status: 'done',
      end: { kind: 'exitSignal', signal: 'SIGKILL' },
    })
    expect(on.job.state).toMatchObject({ finishedAt: 10 })
  })

  test('a grace of 0 is a signal and then SIGKILL', async () => {
    await using on = rig([slow])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', 0)
    await on.clock.advance(0)
    expect((await stopped).end).toEqual({ kind: 'exitSignal', signal: 'SIGKILL' })
    expect(on.processes.last.signals.map(({ signal }) => signal)).toEqual([
      'SIGTERM',
      'SIGCONT',
      'SIGKILL',
    ])
  })

  test('an infinite grace never kills', async () => {
    await using on = rig([{ onSignal: { SIGTERM: { endsAfterMs: 1e9 } } }])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', Number.POSITIVE_INFINITY)
    await on.clock.advance(1e9)
    expect((await stopped).end).toEqual({ kind: 'exitSignal', signal: 'SIGTERM' })
  })
})

describe.for([
  ['restart', 'kill'],
  ['restartWithSignal', 'inside the grace'],
  ['restartWithSignal', 'beyond the grace'],
  ['tryRestart', 'kill'],
  ['tryRestartWithSignal', 'inside the grace'],
  ['tryRestartWithSignal', 'beyond the grace'],
] as const)('%s, %s', ([method, how]) => {
  const restart = (on: ReturnType<typeof rig>) =>
    method === 'restart' || method === 'tryRestart'
      ? on.job[method]()
      : on.job[method]('SIGTERM', graceMs)

  test('the old run is over before the new one is spawned, and stays the previous one', async () => {
    await using on = rig([how === 'beyond the grace' ? slow : quick])
    await on.job.start()
    const restarted = restart(on)
    await on.clock.advance(graceMs)
    expect(await restarted).toEqual({ status: 'done' })
    expect(on.kinds().filter((kind) => kind === 'spawned' || kind === 'finished')).toEqual([
      'spawned',
      'finished',
      'spawned',
    ])
    expect(on.job.state).toMatchObject({ kind: 'running', runId: 2 })
    on.processes.last.endAs({ kind: 'success' })
    await on.clock.settle()
    const expected =
      how === 'inside the grace'
        ? { kind: 'exitError', code: 1 }
        : { kind: 'exitSignal', signal: 'SIGKILL' }
    expect(await contextOf(on)).toMatchObject({
      current: { kind: 'finished', runId: 2, end: { kind: 'success' } },
      previous: { kind: 'finished', runId: 1, end: expected },
    })
  })

  test('without a run', async () => {
    await using on = rig()
    const outcome = await restart(on)
    if (method.startsWith('try')) {
      expect(outcome).toEqual({ status: 'skipped' })
      expect(on.job.state).toEqual({ kind: 'pending' })
    } else {
      expect(outcome).toEqual({ status: 'done' })
      expect(on.job.isRunning()).toBe(true)
    }
  })

  test('a respawn that fails is told by the ticket', async () => {
    await using on = rig([quick, missing])
    await on.job.start()
    const restarted = restart(on)
    await on.clock.advance(graceMs)
    expect(await restarted).toMatchObject({ status: 'failed', error: { code: 'SPAWN_FAILED' } })
    expect(on.job.state).toEqual({ kind: 'pending' })
  })
})

describe('spawn hook', () => {
  test('sees a pending job and the run before, and may change the command of one spawn', async () => {
    await using on = rig([quick])
    const seen: unknown[] = []
    await on.job.setSpawnHook(({ command, current, previous, runId }) => {
      seen.push([current.kind, previous?.runId, runId])
      return { ...command, program: { exec: 'server', args: [String(runId)] } }
    })
    await on.job.start()
    await on.job.restart()
    await on.job.unsetSpawnHook()
    await on.job.restart()
    expect(seen).toEqual([
      ['pending', undefined, 1],
      ['pending', 1, 2],
    ])
    expect(on.processes.all.map(({ command }) => command.program)).toEqual([
      { exec: 'server', args: ['1'] },
      { exec: 'server', args: ['2'] },
      { exec: 'server', args: ['--port', '1'] },
    ])
    expect(on.job.command.program).toEqual({ exec: 'server', args: ['--port', '1'] })
  })
})

describe('arguments', () => {
  test.for([
    ['NaN', Number.NaN],
    ['-1', -1],
    ['3000000000', 3e9],
  ] as const)('a grace of %s is refused at the call', async ([text, grace]) => {
    await using on = rig()
    expect(() => on.job.stopWithSignal('SIGTERM', grace)).toThrow(
      new RangeError(`graceMs must be milliseconds from 0 to 2147483647, not ${text}`),
    )
  })

  test('an unknown signal is refused at the call', async () => {
    await using on = rig()
    // @ts-expect-error -- not a signal name
    expect(() => on.job.signal('TERM')).toThrow(
      new TypeError('this system has no signal named "TERM"; try SIGTERM'),
    )
  })

  test.for([
    [{ program: { exec: '' } }, 'program.exec must be the name or the path of a program, not ""'],
    [
      { program: { exec: 'a' }, options: { lingerMs: -1 } },
      'options.lingerMs must be milliseconds from 0 to 2147483647, not -1',
    ],
    [
      { program: { exec: 'a' }, options: { maxLineBytes: 0 } },
      'options.maxLineBytes must be 4 or more, not 0',
    ],
  ] as const)('a wrong command is refused: %j', ([command, message]) => {
    expect(() => rig([{}], command)).toThrow(message)
  })
})
