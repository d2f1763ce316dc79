import { describe, expect, test } from 'vitest'

import type { FakeBehavior } from '../src/testing.ts'
import { rig } from './rig.ts'

/** Ends long after any grace of these tests. */
const stubborn: FakeBehavior = { onSignal: { SIGTERM: 'ignore', SIGINT: 'ignore' } }
const polite: FakeBehavior = { onSignal: { SIGTERM: { endsAfterMs: 10 } } }
const killed = { kind: 'exitSignal', signal: 'SIGKILL' }

/** A function that a test can hold up and let go. */
function held(): { readonly promise: Promise<void>; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, release: resolve }
}

describe('D1: a forced restart must not restart again at the next natural end', () => {
  test.for(['restartWithSignal', 'tryRestartWithSignal'] as const)('%s', async (method) => {
    await using on = rig([stubborn])
    await on.job.start()
    void on.job[method]('SIGTERM', 50)
    await on.clock.advance(50)
    expect(on.processes.all).toHaveLength(2)
    on.processes.last.endAs({ kind: 'success' })
    await on.clock.advance(60_000)
    expect(on.processes.all).toHaveLength(2)
    expect(on.job.state).toMatchObject({ kind: 'finished', runId: 2 })
  })
})

describe('D2, D3: toWait must not wait for ever', () => {
  test('on a job that was never started', async () => {
    await using on = rig()
    expect(await on.job.toWait()).toEqual({ status: 'skipped' })
  })

  test('on a job whose start fails', async () => {
    await using on = rig([{ spawnFails: 'ENOENT', spawnTakesMs: 5 }])
    const started = on.job.start()
    await on.clock.settle()
    const waited = on.job.toWait()
    await on.clock.advance(5)
    expect(waited.outcome).toMatchObject({
      status: 'failed',
      end: { kind: 'spawnFailed', error: { errno: 'ENOENT' } },
    })
    expect(started.outcome?.status).toBe('failed')
    expect(on.job.state).toEqual({ kind: 'pending' })
  })

  test('on a job that has finished', async () => {
    await using on = rig([{ endsAfterMs: 1, end: { kind: 'exitError', code: 3 } }])
    await on.job.start()
    const waited = on.job.toWait()
    await on.clock.advance(1)
    expect(await waited).toEqual({ status: 'done', end: { kind: 'exitError', code: 3 } })
    expect(await on.job.toWait()).toEqual({
      status: 'skipped',
      end: { kind: 'exitError', code: 3 },
    })
  })
})

describe('D4 to D6: giving a job up must not leave anything to chance', () => {
  test('disposal aborts what waits, ends the process in its grace, and then the task', async () => {
    await using on = rig([polite])
    await on.job.start()
    let calls = 0
    const queued = on.job.run(() => {
      calls += 1
    })
    const disposed = on.job[Symbol.asyncDispose]()
    await on.clock.settle()
    expect(on.job.state).toMatchObject({ kind: 'stopping', signal: 'SIGTERM', deadline: 5_000 })
    await on.clock.advance(10)
    await disposed
    expect(queued.outcome).toEqual({ status: 'aborted' })
    expect(calls).toBe(0)
    expect(on.processes.alive).toEqual([])
    expect(on.job.state).toMatchObject({ kind: 'finished' })
  })

  test('disposal kills at the end of the grace', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    const disposed = on.job[Symbol.asyncDispose]()
    await on.clock.advance(5_000)
    await disposed
    expect(on.job.state).toMatchObject({ kind: 'finished', end: killed, finishedAt: 5_000 })
  })

  test('disposal during a grace keeps the earlier deadline', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    void on.job.stopWithSignal('SIGINT', 300)
    const disposed = on.job[Symbol.asyncDispose]()
    await on.clock.advance(300)
    await disposed
    expect(on.job.state).toMatchObject({ finishedAt: 300 })
  })

  test('deletion during a grace lets it run out in order', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', 300)
    const deleted = on.job.delete()
    await on.clock.advance(299)
    expect(on.job.isDead()).toBe(false)
    await on.clock.advance(1)
    expect(await stopped).toEqual({ status: 'done', end: killed })
    expect(await deleted).toEqual({ status: 'done', end: killed })
    await on.task
    expect(on.clock.timerCount).toBe(0)
  })

  test('a control sent to a dead job is gone', async () => {
    await using on = rig()
    await on.job.delete()
    expect(on.job.isDead()).toBe(true)
    expect(await on.job.start()).toEqual({ status: 'gone' })
    expect(await on.job.deleteNow()).toEqual({ status: 'gone' })
    expect(on.processes.all).toEqual([])
  })
})

describe('D7: isRunning must not disagree with a settled ticket', () => {
  test('after start, stop and restart', async () => {
    await using on = rig()
    for (let round = 0; round < 100; round += 1) {
      await on.job.start()
      expect(on.job.isRunning()).toBe(true)
      await on.job.restart()
      expect(on.job.isRunning()).toBe(true)
      await on.job.stop()
      expect(on.job.isRunning()).toBe(false)
    }
  })

  test('inside the callbacks of events too', async () => {
    await using on = rig()
    const seen: unknown[] = []
    on.job.events.on(({ kind }) => seen.push([kind, on.job.isRunning()]))
    await on.job.start()
    await on.job.stop()
    expect(seen).toEqual([
      ['spawned', false],
      ['stopping', true],
      ['finished', false],
    ])
  })
})

describe('D8: a grace must not shield a process from a further stop', () => {
  test('stop kills at once', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    const first = on.job.stopWithSignal('SIGTERM', 10_000)
    await on.clock.advance(100)
    const second = on.job.stop()
    await on.clock.settle()
    expect(on.job.state).toMatchObject({ kind: 'finished', end: killed, finishedAt: 100 })
    expect(first.outcome).toEqual(second.outcome)
  })

  test('a signal is delivered', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', 10_000)
    expect(await on.job.signal('SIGKILL')).toEqual({ status: 'done' })
    expect(await stopped).toEqual({ status: 'done', end: killed })
  })

  test.for([
    [10_000, 50, 50],
    [50, 10_000, 50],
  ] as const)('graces of %d and %d end after %d', async ([firstMs, secondMs, endedAt]) => {
    await using on = rig([stubborn])
    await on.job.start()
    void on.job.stopWithSignal('SIGTERM', firstMs)
    const second = on.job.stopWithSignal('SIGINT', secondMs)
    await on.clock.advance(endedAt)
    expect(second.outcome).toEqual({ status: 'done', end: killed })
    expect(on.job.state).toMatchObject({ finishedAt: endedAt })
    expect(on.processes.last.signals.map(({ signal }) => signal)).toEqual([
      'SIGTERM',
      'SIGCONT',
      'SIGINT',
      'SIGCONT',
      'SIGKILL',
    ])
  })

  test('a stop behind a start that waits ends the old run now and the new one in its turn', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    void on.job.stopWithSignal('SIGTERM', 10_000)
    const started = on.job.start()
    const stopped = on.job.stop()
    expect(await stopped).toEqual({ status: 'done', end: killed })
    expect(started.outcome).toEqual({ status: 'done' })
    expect(on.job.state).toMatchObject({ kind: 'finished', runId: 2, finishedAt: 0 })
  })
})

describe('D9, D10: a run must not be over while members of its group live', () => {
  const shell: FakeBehavior = {
    members: [{ onSignal: { SIGTERM: { endsAfterMs: 1_000 } } }],
  }

  test('a restart waits for the real program, not for its shell', async () => {
    await using on = rig([shell])
    await on.job.start()
    const restarted = on.job.restartWithSignal('SIGTERM', 5_000)
    await on.clock.advance(999)
    expect(on.processes.all).toHaveLength(1)
    expect(on.job.state).toMatchObject({
      kind: 'stopping',
      leaderEnd: { kind: 'exitSignal', signal: 'SIGTERM' },
    })
    await on.clock.advance(51)
    expect(restarted.outcome).toEqual({ status: 'done' })
    expect(on.processes.alive).toHaveLength(1)
  })

  test('the grace covers the members', async () => {
    await using on = rig([{ members: [stubborn] }])
    await on.job.start()
    const stopped = on.job.stopWithSignal('SIGTERM', 500)
    await on.clock.advance(500)
    await on.clock.advance(2)
    expect(await stopped).toMatchObject({ end: { signal: 'SIGTERM' } })
    expect(on.processes.alive).toEqual([])
  })

  test('members that end soon after their leader are left to it', async () => {
    await using on = rig([{ endsAfterMs: 10, members: [{ endsAfterLeaderMs: 1_500 }] }])
    await on.job.start()
    const waited = on.job.toWait()
    await on.clock.advance(1_000)
    expect(on.job.state).toMatchObject({ kind: 'running', leaderEnd: { kind: 'success' } })
    await on.clock.advance(600)
    expect(await waited).toEqual({ status: 'done', end: { kind: 'success' } })
    expect(on.processes.last.signals).toEqual([])
  })

  test('members that stay get SIGTERM, then SIGKILL; the outcome stays the leader’s', async () => {
    await using on = rig([
      { endsAfterMs: 10, end: { kind: 'exitError', code: 4 }, members: [stubborn] },
    ])
    await on.job.start()
    await on.clock.advance(10_000)
    expect(on.job.state).toMatchObject({ kind: 'finished', end: { kind: 'exitError', code: 4 } })
    expect(on.processes.last.signals).toEqual([
      { signal: 'SIGTERM', at: 2_010 },
      { signal: 'SIGCONT', at: 2_010 },
      { signal: 'SIGKILL', at: 7_010 },
    ])
  })

  test('a start while members linger waits for them', async () => {
    await using on = rig([{ endsAfterMs: 10, members: [{ endsAfterLeaderMs: 100 }] }])
    await on.job.start()
    await on.clock.advance(20)
    const started = on.job.start()
    await on.clock.advance(20)
    expect(started.outcome).toBe(undefined)
    await on.clock.advance(200)
    expect(started.outcome).toEqual({ status: 'done' })
    expect(on.processes.all).toHaveLength(2)
  })

  test('what SIGKILL cannot end is shown, and not waited for', async () => {
    await using on = rig([{ isUnkillable: true, members: [{ isUnkillable: true }] }])
    await on.job.start()
    const { pid } = on.processes.last
    const stopped = on.job.stop()
    await on.clock.advance(1_999)
    expect(on.job.isRunning()).toBe(true)
    await on.clock.advance(1)
    expect(await stopped).toEqual({ status: 'done', end: killed })
    expect(on.job.state).toMatchObject({ kind: 'finished', leftovers: [pid, pid + 1] })
    await on.clock.advance(200)
    expect(on.clock.timerCount).toBe(0)
  })
})

describe('D11: a stopped process must not use up the whole grace', () => {
  test('SIGCONT follows the signal', async () => {
    await using on = rig([{}])
    await on.job.start()
    await on.job.signal('SIGSTOP')
    const stopped = on.job.stopWithSignal('SIGTERM', 10_000)
    expect(await stopped).toEqual({
      status: 'done',
      end: { kind: 'exitSignal', signal: 'SIGTERM' },
    })
    expect(on.clock.now()).toBe(0)
  })
})

describe('D12: five restarts must not be five respawns', () => {
  test('adjacent restarts coalesce, and all tickets settle after the one respawn', async () => {
    await using on = rig([polite])
    await on.job.start()
    const tickets = [1, 2, 3, 4, 5].map(() => on.job.restartWithSignal('SIGTERM', 5_000))
    await on.clock.advance(10)
    expect(tickets.map(({ outcome }) => outcome)).toEqual(tickets.map(() => ({ status: 'done' })))
    expect(on.processes.all).toHaveLength(2)
    // One restart is one signal: many programs take the second for "at once".
    expect(on.processes.all[0]?.signals.map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGCONT'])
  })

  test('a restart that arrives during the grace of another joins it', async () => {
    await using on = rig([stubborn])
    await on.job.start()
    const first = on.job.restartWithSignal('SIGTERM', 5_000)
    await on.clock.advance(100)
    const second = on.job.restart()
    expect(await second).toEqual({ status: 'done' })
    expect(first.outcome).toEqual({ status: 'done' })
    expect(on.processes.all).toHaveLength(2)
    expect(on.clock.now()).toBe(100)
  })

  test('restarts of a job at rest are one start', async () => {
    await using on = rig()
    await Promise.all([on.job.restart(), on.job.tryRestart(), on.job.restart()])
    expect(on.processes.all).toHaveLength(1)
  })

  test.for(['run', 'signal', 'setSpawnHook'] as const)('but never across %s', async (between) => {
    await using on = rig([polite])
    await on.job.start()
    void on.job.restartWithSignal('SIGTERM', 5_000)
    if (between === 'run') void on.job.run(() => {})
    if (between === 'signal') void on.job.signal('SIGWINCH')
    if (between === 'setSpawnHook') void on.job.setSpawnHook(() => {})
    const second = on.job.restartWithSignal('SIGTERM', 5_000)
    await on.clock.advance(20)
    expect(await second).toEqual({ status: 'done' })
    expect(on.processes.all).toHaveLength(3)
  })

  test('a restart that is sent while the respawn is under way is not lost in it', async () => {
    await using on = rig([{ ...polite, spawnTakesMs: 10 }])
    void on.job.restart()
    await on.clock.advance(5)
    const second = on.job.restart()
    await on.clock.advance(20)
    expect(await second).toEqual({ status: 'done' })
    expect(on.processes.all).toHaveLength(2)
  })
})

describe('D13: a hook that throws must not hang any ticket', () => {
  const oops = new Error('oops')
  const fail = (): never => {
    throw oops
  }

  test.for(['run', 'runAsync', 'spawn hook'] as const)('%s', async (hook) => {
    await using on = rig()
    const errors: unknown[] = []
    await on.job.setErrorHandler((error) => {
      errors.push([error.code, error.message, error.cause])
    })
    if (hook === 'spawn hook') await on.job.setSpawnHook(fail)
    const outcome = await (hook === 'spawn hook' ? on.job.start() : on.job[hook](fail))
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'HOOK_FAILED', hook } })
    expect(errors).toEqual([['HOOK_FAILED', `the ${hook} function failed: oops`, oops]])
    await on.job.unsetSpawnHook()
    expect(await on.job.start()).toEqual({ status: 'done' })
  })

  test('nor an error handler, nor a listener', async () => {
    await using on = rig([{ spawnFails: 'ENOENT' }, {}])
    await on.job.setErrorHandler(fail)
    on.job.events.on(fail)
    expect((await on.job.start()).status).toBe('failed')
    expect(await on.job.start()).toEqual({ status: 'done' })
    expect(on.kinds()).toContain('spawned')
  })
})

describe('D14: a long function must not hold up deleteNow', () => {
  test.for(['deleteNow', 'asyncDispose'] as const)('%s', async (how) => {
    await using on = rig([polite])
    await on.job.start()
    const blocker = held()
    let signal: AbortSignal | undefined
    const blocked = on.job.runAsync(async (context) => {
      signal = context.signal
      await blocker.promise
    })
    await on.clock.settle()
    const deleted = how === 'deleteNow' ? on.job.deleteNow() : on.job[Symbol.asyncDispose]()
    await on.clock.advance(10)
    await deleted
    expect(signal?.aborted).toBe(true)
    expect(await blocked).toEqual({ status: 'aborted' })
    expect(on.processes.alive).toEqual([])
    blocker.release()
  })

  test('nor a spawn hook, nor a spawn', async () => {
    await using on = rig([{ spawnTakesMs: 1e6 }])
    const blocker = held()
    await on.job.setSpawnHook(() => blocker.promise)
    const first = on.job.start()
    await on.clock.settle()
    await on.job.deleteNow()
    expect(first.outcome).toEqual({ status: 'aborted' })
    blocker.release()

    await using second = rig([{ spawnTakesMs: 1e6 }])
    const start = second.job.start()
    await second.clock.settle()
    await second.job.deleteNow()
    expect(start.outcome).toEqual({ status: 'aborted' })
    await second.clock.advance(1e6)
    expect(second.processes.all).toEqual([])
  })

  test('a run that ends while a function is at work is seen at once', async () => {
    await using on = rig([{ endsAfterMs: 5 }])
    await on.job.start()
    const blocker = held()
    void on.job.runAsync(() => blocker.promise)
    const waited = on.job.toWait()
    await on.clock.advance(5)
    expect(on.job.state).toMatchObject({ kind: 'finished', finishedAt: 5 })
    expect(waited.outcome).toEqual({ status: 'done', end: { kind: 'success' } })
    blocker.release()
  })
})

describe('D15: the ticket of a restart must not settle before the respawn', () => {
  test.for(['restartWithSignal', 'tryRestartWithSignal'] as const)('%s', async (method) => {
    await using on = rig([polite])
    await on.job.start()
    const hook = held()
    await on.job.setSpawnHook(() => hook.promise)
    const restarted = on.job[method]('SIGTERM', 5_000)
    await on.clock.advance(1_000)
    expect(restarted.outcome).toBe(undefined)
    expect(on.job.state).toEqual({ kind: 'pending' })
    hook.release()
    await on.clock.settle()
    expect(restarted.outcome).toEqual({ status: 'done' })
    expect(on.processes.all).toHaveLength(2)
  })
})

describe('D16, D17: a system call that fails must not end a run or spin', () => {
  const forbidden = Object.assign(new Error('kill EPERM'), { code: 'EPERM' })

  test('a stop whose signal fails goes on to SIGKILL', async () => {
    await using on = rig([{ onSignal: { SIGTERM: { sendingFails: forbidden } } }])
    const errors: unknown[] = []
    await on.job.setErrorHandler((error) => {
      errors.push(error.code)
    })
    await on.job.start()
    expect(await on.job.stopWithSignal('SIGTERM', 10_000)).toEqual({ status: 'done', end: killed })
    expect(errors).toEqual(['SIGNAL_FAILED'])
    expect(on.clock.now()).toBe(0)
  })

  test('a SIGKILL that fails is tried for two seconds and no more', async () => {
    await using on = rig([{ onSignal: { SIGKILL: { sendingFails: forbidden } } }])
    await on.job.start()
    const stopped = on.job.stop()
    await on.clock.advance(2_000)
    expect(stopped.outcome?.status).toBe('done')
    expect(on.job.state).toMatchObject({ kind: 'finished', leftovers: [on.processes.last.pid] })
    expect(on.processes.last.signals).toHaveLength(1)
  })

  test('a signal that fails fails its ticket, and nothing else', async () => {
    await using on = rig([{ onSignal: { SIGUSR1: { sendingFails: forbidden } } }])
    await on.job.start()
    expect(await on.job.signal('SIGUSR1')).toMatchObject({
      status: 'failed',
      error: { code: 'SIGNAL_FAILED', message: /cannot send SIGUSR1 to process \d+: kill EPERM/ },
    })
    expect(on.job.isRunning()).toBe(true)
  })

  test('trouble with a process goes to the error handler once', async () => {
    await using on = rig()
    const errors: unknown[] = []
    await on.job.setErrorHandler((error) => {
      errors.push(error.code)
    })
    await on.job.start()
    on.processes.last.trouble(new Error('wait failed'))
    await on.clock.advance(60_000)
    expect(errors).toEqual(['PROCESS_FAILED'])
    expect(on.job.isRunning()).toBe(true)
  })
})

describe('D18: a stop during a restart must not first complete the restart', () => {
  test.for(['restartWithSignal', 'tryRestartWithSignal'] as const)(
    'stopWithSignal and delete during %s',
    async (method) => {
      await using on = rig([stubborn])
      await on.job.start()
      const restarted = on.job[method]('SIGTERM', 100)
      await on.clock.settle()
      const stopped = on.job.stopWithSignal('SIGTERM', 100)
      const deleted = on.job.delete()
      await on.clock.advance(100)
      expect(await restarted).toEqual({ status: 'aborted' })
      expect(await stopped).toEqual({ status: 'done', end: killed })
      expect((await deleted).status).toBe('done')
      expect(on.processes.all).toHaveLength(1)
    },
  )

  test('delete alone cancels the start as well', async () => {
    await using on = rig([polite])
    await on.job.start()
    const restarted = on.job.restartWithSignal('SIGTERM', 100)
    const deleted = on.job.delete()
    await on.clock.advance(10)
    expect((await deleted).status).toBe('done')
    expect(await restarted).toEqual({ status: 'aborted' })
    expect(on.processes.all).toHaveLength(1)
  })

  test('later controls keep their turn', async () => {
    await using on = rig([polite])
    await on.job.start()
    const restarted = on.job.restartWithSignal('SIGTERM', 100)
    const stopped = on.job.stop()
    const started = on.job.start()
    expect(await started).toEqual({ status: 'done' })
    expect(restarted.outcome).toEqual({ status: 'aborted' })
    expect(stopped.outcome).toEqual({ status: 'done', end: killed })
    expect(on.processes.all).toHaveLength(2)
  })
})
