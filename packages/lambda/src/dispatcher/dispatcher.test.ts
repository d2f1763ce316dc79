import assert from 'node:assert/strict'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Dispatcher } from './dispatcher.ts'
import type { Effect } from './effect.ts'
import type { Limits } from './limits.ts'

const limits: Limits = {
  concurrency: 1,
  queueLimit: 100,
  timeoutMs: 3000,
  queueTimeoutMs: 60_000,
  initTimeoutMs: 10_000,
  idleMs: undefined,
  startsInstances: true,
}

/** A dispatcher whose instances are called i1, i2, …. */
function dispatcher(changes: Partial<Limits> = {}): Dispatcher {
  let count = 0
  return new Dispatcher({ ...limits, ...changes }, () => `i${(count += 1)}`, 0)
}

test('an invocation without an instance asks for one, and a second does not ask again', () => {
  const one = dispatcher()
  expect(one.invoke('a', 0)).toEqual([{ kind: 'start', instanceId: 'i1' }])
  expect(one.invoke('b', 0)).toEqual([])
})

test('the first poll is ready and gets what waits, with a deadline from then', () => {
  const one = dispatcher()
  one.invoke('a', 0)
  one.started('i1', 1000)
  expect(one.poll('i1', 1250)).toEqual([
    { kind: 'ready', instanceId: 'i1', initDurationMs: 250 },
    { kind: 'deliver', instanceId: 'i1', invocationId: 'a', deadlineMs: 4250 },
  ])
})

test('an invocation that did not reach its instance goes back to the front', () => {
  const one = dispatcher({ concurrency: 2 })
  one.invoke('a', 0)
  one.poll('i1', 0)
  one.invoke('b', 0)
  expect(one.undelivered('i1', 'a', 1)).toEqual([])
  expect(one.poll('i1', 2)).toEqual([
    { kind: 'deliver', instanceId: 'i1', invocationId: 'a', deadlineMs: 3002 },
  ])
})

test('an instance between two invocations is waited for rather than joined by another', () => {
  const one = dispatcher({ concurrency: 2 })
  one.invoke('a', 0)
  one.poll('i1', 0)
  one.answer('i1', 'a', 10)
  expect(one.invoke('b', 11)).toEqual([])
})

test('wakeAtMs() names the first thing that expires', () => {
  const one = dispatcher({ idleMs: 5000 })
  expect(one.wakeAtMs()).toBeUndefined()
  one.invoke('a', 100)
  expect(one.wakeAtMs(), 'the queue').toBe(60_100)
  one.started('i1', 200)
  expect(one.wakeAtMs(), 'the initialization').toBe(10_200)
  one.poll('i1', 300)
  expect(one.wakeAtMs(), 'the deadline').toBe(3300)
  one.answer('i1', 'a', 400)
  expect(one.wakeAtMs(), 'idleness').toBe(5400)
})

test('a start that fails late, at work, still answers what was in flight', () => {
  const one = dispatcher()
  one.invoke('a', 0)
  one.poll('i1', 0)
  const failure = { errorType: 'Late', errorMessage: '' }
  expect(one.startFailed('i1', failure, 1)).toEqual([
    { kind: 'settle', invocationId: 'a', verdict: { kind: 'failed', failure } },
    { kind: 'retire', instanceId: 'i1', reason: 'init-error' },
  ])
})

test('a process that came by itself is neither drained nor idle: nobody would replace it', () => {
  const one = dispatcher({ idleMs: 1000 })
  one.adopt('debugger', 0)
  one.poll('debugger', 0)
  expect(one.wakeAtMs()).toBeUndefined()
  expect(one.tick(1000)).toEqual([])
  expect(one.drain()).toEqual([])
  expect(one.invoke('a', 2000)).toMatchObject([{ kind: 'deliver', instanceId: 'debugger' }])
})

test('a tick before anything is due does nothing', () => {
  const one = dispatcher()
  one.invoke('a', 0)
  one.poll('i1', 0)
  expect(one.tick(2999)).toEqual([])
  expect(one.tick(3000)).toEqual([
    {
      kind: 'settle',
      invocationId: 'a',
      verdict: { kind: 'timed-out', limitMs: 3000 },
    },
    { kind: 'retire', instanceId: 'i1', reason: 'timeout' },
  ])
})

test('what is in flight keeps the deadline that it was told; the next gets the new one', () => {
  const one = dispatcher()
  one.invoke('a', 0)
  one.poll('i1', 0)
  one.invoke('b', 0)
  expect(one.configure({ ...limits, timeoutMs: 9000 }, 1000)).toEqual([])
  expect(one.tick(3000)).toContainEqual({
    kind: 'settle',
    invocationId: 'a',
    verdict: { kind: 'timed-out', limitMs: 3000 },
  })
  one.exited('i1', 'signal: SIGTERM', 3000)
  expect(one.poll('i2', 4000)).toContainEqual({
    kind: 'deliver',
    instanceId: 'i2',
    invocationId: 'b',
    deadlineMs: 13_000,
  })
})

test('who waits has waited since it came, whatever the limit was then', () => {
  const one = dispatcher()
  one.invoke('a', 0)
  one.configure({ ...limits, queueTimeoutMs: 120_000 }, 30_000)
  expect(one.tick(119_999)).toEqual([])
  expect(one.configure({ ...limits, queueTimeoutMs: 5000 }, 119_999)).toEqual([
    { kind: 'settle', invocationId: 'a', verdict: { kind: 'queue-timeout', limitMs: 5000 } },
  ])
})

test('a shorter queue refuses who comes and keeps who waits', () => {
  const one = dispatcher()
  for (const id of ['a', 'b', 'c']) one.invoke(id, 0)
  expect(one.configure({ ...limits, queueLimit: 1 }, 1)).toEqual([])
  expect(one.queued).toBe(3)
  expect(one.invoke('d', 2)).toMatchObject([{ kind: 'settle', verdict: { kind: 'queue-full' } }])
})

test('a higher concurrency starts another instance for who waits already', () => {
  const one = dispatcher()
  for (const id of ['a', 'b']) one.invoke(id, 0)
  one.poll('i1', 0)
  expect(one.configure({ ...limits, concurrency: 2 }, 1)).toEqual([
    { kind: 'start', instanceId: 'i2' },
  ])
})

test('a lower concurrency retires who rests at once, and who works when it has answered', () => {
  const one = dispatcher({ concurrency: 3 })
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    one.invoke(id, 0)
    one.poll(`i${index + 1}`, 0)
  }
  one.answer('i3', 'c', 1)
  one.poll('i3', 1)
  expect(one.configure({ ...limits, concurrency: 1 }, 2)).toEqual([
    { kind: 'retire', instanceId: 'i3', reason: 'surplus' },
  ])
  one.answer('i1', 'a', 3)
  expect(one.poll('i1', 3)).toEqual([{ kind: 'retire', instanceId: 'i1', reason: 'surplus' }])
  one.answer('i2', 'b', 4)
  expect(one.poll('i2', 4), 'the last one stays').toEqual([])
})

/**
 * Random lives of one function. The model beside it knows only what the outside sees: what was
 * invoked, what was delivered where, what is over.
 */
class Model {
  readonly open = new Set<string>()
  readonly over = new Set<string>()
  readonly alive = new Map<string, { working: string | undefined; retired: boolean }>()
  starts = 0

  see(effects: readonly Effect[]): void {
    for (const effect of effects) this.#seeOne(effect)
  }

  end(invocationId: string): void {
    assert(this.open.delete(invocationId), `${invocationId} ends once`)
    this.over.add(invocationId)
  }

  #seeOne(effect: Effect): void {
    switch (effect.kind) {
      case 'start':
        this.starts += 1
        assert(!this.alive.has(effect.instanceId), 'ids are unique')
        this.alive.set(effect.instanceId, { working: undefined, retired: false })
        return
      case 'deliver': {
        const instance = this.alive.get(effect.instanceId)
        assert(instance, 'delivered to an instance that is there')
        assert(!instance.retired, 'a retired instance gets nothing')
        assert(instance.working === undefined, 'one at a time')
        assert(this.open.has(effect.invocationId), 'only what is open is delivered')
        instance.working = effect.invocationId
        return
      }
      case 'settle':
        this.end(effect.invocationId)
        for (const instance of this.alive.values()) {
          if (instance.working === effect.invocationId) instance.working = undefined
        }
        return
      case 'retire': {
        const instance = this.alive.get(effect.instanceId)
        assert(instance?.retired === false, 'retired once')
        instance.retired = true
        return
      }
      case 'forget':
        this.alive.delete(effect.instanceId)
        return
      case 'ready':
    }
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant('invoke' as const) },
  { weight: 6, arbitrary: fc.constant('poll' as const) },
  { weight: 4, arbitrary: fc.constant('answer' as const) },
  ...(
    [
      'leave',
      'pollClosed',
      'undelivered',
      'started',
      'startFailed',
      'exited',
      'drain',
      'idle',
      'tick',
      'configure',
    ] as const
  ).map((name) => ({ weight: 1, arbitrary: fc.constant(name) })),
)

function pick<Value>(values: Iterable<Value>, choice: number): Value | undefined {
  const all = [...values]
  return all[choice % Math.max(1, all.length)]
}

test('whatever happens in whatever order, every invocation ends once and none is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(step, fc.nat(), fc.nat(4000)), { maxLength: 120 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 5 }),
      (steps, concurrency, queueLimit) => {
        const one = dispatcher({ concurrency, queueLimit, idleMs: 20_000 })
        const model = new Model()
        let nowMs = 0
        let invocations = 0
        let mostAllowed = { concurrency, queueLimit }
        for (const [name, choice, passMs] of steps) {
          nowMs += passMs
          const [instanceId = '', instance] = pick(model.alive, choice) ?? []
          switch (name) {
            case 'invoke': {
              const id = `n${(invocations += 1)}`
              model.open.add(id)
              model.see(one.invoke(id, nowMs))
              break
            }
            case 'poll':
              // A runtime that asks again has given up what it had; the dispatcher settles it.
              model.see(one.poll(instanceId, nowMs))
              break
            case 'answer': {
              const working = instance?.working
              if (instance === undefined || working === undefined) break
              const [answer, effects] = one.answer(instanceId, working, nowMs)
              assert.equal(answer, 'accepted')
              instance.working = undefined
              model.end(working)
              model.see(effects)
              break
            }
            case 'leave': {
              const id = pick(model.open, choice)
              if (id !== undefined && one.leave(id)) model.end(id)
              break
            }
            case 'pollClosed':
              model.see(one.pollClosed(instanceId, nowMs))
              break
            case 'undelivered': {
              const working = instance?.working
              if (instance === undefined || working === undefined) break
              instance.working = undefined
              model.see(one.undelivered(instanceId, working, nowMs))
              break
            }
            case 'started':
              one.started(instanceId, nowMs)
              break
            case 'startFailed':
              model.see(one.startFailed(instanceId, { errorType: 'x', errorMessage: '' }, nowMs))
              break
            case 'exited':
              model.see(one.exited(instanceId, 'exit status 1', nowMs))
              break
            case 'drain':
              model.see(one.drain())
              break
            case 'idle':
              model.see(one.retireIdle(1000, nowMs))
              break
            case 'tick':
              model.see(one.tick(nowMs))
              break
            case 'configure': {
              const next = { concurrency: 1 + (choice % 4), queueLimit: choice % 7 }
              mostAllowed = {
                concurrency: Math.max(mostAllowed.concurrency, next.concurrency),
                queueLimit: Math.max(mostAllowed.queueLimit, next.queueLimit),
              }
              model.see(one.configure({ ...limits, ...next, timeoutMs: 1 + passMs }, nowMs))
            }
          }
          const working = [...model.alive.values()].filter((known) => known.working !== undefined)
          expect(one.inFlight).toBe(working.length)
          expect(one.queued + working.length).toBe(model.open.size)
          // What was sent and did not arrive comes back to the queue, one for each instance.
          expect(one.queued).toBeLessThanOrEqual(mostAllowed.queueLimit + mostAllowed.concurrency)
          expect(model.alive.size).toBeLessThanOrEqual(mostAllowed.concurrency)
        }
        model.see(one.close())
        expect(model.open.size, 'nobody is left without an answer').toBe(0)
        expect(model.over.size).toBe(invocations)
      },
    ),
    { numRuns: 1000 },
  )
})

test('as long as time passes and exits are reported, nobody waits forever', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.boolean(), (count, polls) => {
      const one = dispatcher({ concurrency: 2 })
      const model = new Model()
      for (let index = 0; index < count; index += 1) {
        model.open.add(`n${index}`)
        model.see(one.invoke(`n${index}`, 0))
      }
      for (let turn = 0; turn < 200 && model.open.size > 0; turn += 1) {
        for (const id of model.alive.keys()) {
          one.started(id, turn)
          if (polls) model.see(one.poll(id, turn))
        }
        model.see(one.tick(one.wakeAtMs() ?? turn))
        for (const [id, { retired }] of model.alive) {
          if (retired) model.see(one.exited(id, 'signal: SIGKILL', turn))
        }
      }
      expect(model.open.size).toBe(0)
    }),
  )
})
