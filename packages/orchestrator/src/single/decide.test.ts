import assert from 'node:assert/strict'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Changes } from './changes.ts'
import { type Action, type Input, type OnBusy, type State, decide, initialState } from './decide.ts'

const change = (...paths: readonly string[]): Input => ({
  kind: 'changed',
  changes: { paths, complete: true },
})
const run = { kind: 'begin', run: true } as const
const admitted = { kind: 'admitted' } as const
const spawned = { kind: 'spawned' } as const
const exits = { kind: 'gone', failed: false } as const
const crashes = { kind: 'gone', failed: true } as const
const end = { kind: 'end' } as const

/** What is done for these inputs, as words; spawns and signals with the paths they are told. */
function story(inputs: readonly Input[], onBusy: OnBusy = 'restart', exitOnError = false) {
  let state: State = initialState
  return inputs.flatMap((input) => {
    const decision = decide(state, input, { onBusy, exitOnError })
    state = decision.state
    return decision.actions.map(words)
  })
}

function words(action: Action): string {
  switch (action.kind) {
    case 'spawn':
      return `spawn ${action.changes?.paths.join(',') ?? 'first'}`
    case 'replace':
    case 'signal':
      return `${action.kind} ${action.changes.paths.join(',')}`
    case 'tell':
      return `${action.what} ${action.changes.paths.join(',')}`
    case 'finish':
      return `finish ${action.reason}`
    case 'admit':
    case 'withdraw':
      return action.kind
  }
}

const up = [run, admitted, spawned] as const

test.for<[string, readonly Input[], OnBusy, readonly string[]]>([
  ['runs at once', [run, admitted], 'restart', ['admit', 'spawn first']],
  [
    'postponed, the first run is for a change',
    [change('a'), admitted],
    'restart',
    ['admit', 'spawn a'],
  ],
  [
    'a change restarts it when the old run is gone, not before',
    [...up, change('a'), exits, admitted],
    'restart',
    ['admit', 'spawn first', 'replace a', 'admit', 'spawn a'],
  ],
  [
    'changes while the old run ends lead to one restart',
    [...up, change('a'), change('b'), change('c'), exits, admitted, spawned],
    'restart',
    ['admit', 'spawn first', 'replace a', 'admit', 'spawn a,b,c'],
  ],
  [
    'a crash waits for a change',
    [...up, crashes, change('a'), admitted],
    'restart',
    ['admit', 'spawn first', 'admit', 'spawn a'],
  ],
  [
    'changes while a queueing command runs lead to one more run of all of them',
    [...up, change('a'), change('b'), exits, admitted, spawned, exits],
    'queue',
    ['admit', 'spawn first', 'queued a', 'admit', 'spawn a,b'],
  ],
  [
    'a change between the end of a run and the spawn of the queued one is part of it',
    [...up, change('a'), exits, change('b'), admitted],
    'queue',
    ['admit', 'spawn first', 'queued a', 'admit', 'spawn a,b'],
  ],
  [
    'a change during the spawn is run once more',
    [run, admitted, change('a'), spawned, exits, admitted],
    'queue',
    ['admit', 'spawn first', 'queued a', 'admit', 'spawn a'],
  ],
  [
    'an ignoring command runs again only for a change after its end',
    [...up, change('a'), exits, change('b'), admitted],
    'ignore',
    ['admit', 'spawn first', 'ignored a', 'admit', 'spawn b'],
  ],
  [
    'a change sends a signal to a living run, and starts a dead one',
    [...up, change('a'), crashes, change('b'), admitted],
    'signal',
    ['admit', 'spawn first', 'signal a', 'admit', 'spawn b'],
  ],
  [
    'a program that does not listen yet must not be hit by the signal',
    [run, admitted, change('a'), spawned],
    'signal',
    ['admit', 'spawn first'],
  ],
  [
    'the end during a restart must not start it once more',
    [...up, change('a'), end, exits],
    'restart',
    ['admit', 'spawn first', 'replace a', 'finish asked'],
  ],
  [
    'the end while a run waits for its locks withdraws it',
    [run, end, exits],
    'restart',
    ['admit', 'withdraw', 'finish asked'],
  ],
  ['the end before the first change', [end, run, change('a')], 'restart', ['finish asked']],
  [
    'a program that never could be started ends it',
    [run, admitted, { kind: 'not-spawned', final: true }],
    'restart',
    ['admit', 'spawn first', 'finish not-started'],
  ],
  [
    'a program that is missing for a while is started with the next change',
    [
      ...up,
      crashes,
      change('a'),
      admitted,
      { kind: 'not-spawned', final: false },
      change('b'),
      admitted,
    ],
    'restart',
    ['admit', 'spawn first', 'admit', 'spawn a', 'admit', 'spawn b'],
  ],
])('%s', ([, inputs, onBusy, expected]) => {
  expect(story(inputs, onBusy)).toEqual(expected)
})

test('with exit on error, a crash ends it and a stop that we asked for does not', () => {
  expect(story([...up, crashes], 'restart', true)).toContain('finish failed')
  expect(story([...up, change('a'), crashes, admitted], 'restart', true)).not.toContain(
    'finish failed',
  )
})

/**
 * The world around the decisions, as simple as can be: it answers each action some time later, and
 * knows of each path whether a run that began after its change has seen it.
 */
class World {
  state: State = initialState
  readonly rules: { readonly onBusy: OnBusy; readonly exitOnError: boolean }
  alive = 0
  spawning = 0
  admitting = 0
  finished = 0
  stopping = false
  spawns = 0
  /** Changed, and not yet seen by any run, nor told to anybody. */
  readonly unseen = new Set<string>()
  nextPath = 0

  constructor(onBusy: OnBusy) {
    this.rules = { onBusy, exitOnError: false }
  }

  feed(input: Input): void {
    const { state, actions } = decide(this.state, input, this.rules)
    this.state = state
    for (const action of actions) this.perform(action)
  }

  perform(action: Action): void {
    assert.equal(this.finished, 0)
    switch (action.kind) {
      case 'admit':
        assert.equal(this.alive + this.spawning + this.admitting, 0)
        this.admitting = 1
        break
      case 'withdraw':
        assert.equal(this.admitting, 1)
        this.stopping = true
        break
      case 'spawn':
        assert.equal(this.alive + this.spawning, 0)
        this.spawning = 1
        this.spawns += 1
        if (action.changes === null) this.unseen.clear()
        for (const path of action.changes?.paths ?? []) this.unseen.delete(path)
        break
      case 'replace':
        assert.equal(this.alive, 1)
        this.stopping = true
        break
      case 'signal':
        assert.equal(this.alive, 1)
        this.see(action.changes)
        break
      case 'tell':
        assert.equal(this.alive, 1)
        if (action.what === 'ignored') this.see(action.changes)
        break
      case 'finish':
        assert.equal(this.alive + this.spawning + this.admitting, 0)
        this.finished = 1
    }
  }

  see({ paths }: Changes): void {
    for (const path of paths) this.unseen.delete(path)
  }

  /** What the system does next, if there is anything it could do. */
  answer(failed: boolean): void {
    if (this.admitting === 1) {
      this.admitting = 0
      this.feed(this.stopping ? { kind: 'gone', failed: false } : { kind: 'admitted' })
    } else if (this.spawning === 1) {
      this.spawning = 0
      if (failed) this.feed({ kind: 'not-spawned', final: false })
      else {
        this.alive = 1
        this.feed({ kind: 'spawned' })
      }
    } else if (this.alive === 1) {
      this.alive = 0
      this.stopping = false
      this.feed({ kind: 'gone', failed })
    }
  }

  change(): void {
    const path = `${this.nextPath++}`
    const dropsWhileSpawning = this.rules.onBusy === 'ignore' || this.rules.onBusy === 'signal'
    // What changes before a run's first line is seen by it.
    if (!(this.spawning === 1 && dropsWhileSpawning)) this.unseen.add(path)
    this.feed(change(path))
  }
}

test('at most one run lives, and no change is lost, whatever happens in whatever order', () => {
  const steps = fc.array(fc.constantFrom('change', 'answer', 'fail'), { maxLength: 60 })
  const modes = fc.constantFrom<OnBusy[]>('restart', 'queue', 'ignore', 'signal')
  fc.assert(
    fc.property(modes, fc.boolean(), steps, (onBusy, atOnce, sequence) => {
      const world = new World(onBusy)
      world.feed({ kind: 'begin', run: atOnce })
      for (const step of sequence) {
        if (step === 'change') world.change()
        else world.answer(step === 'fail')
      }
      // Left alone, and with every spawn succeeding, it comes to rest with everything seen.
      for (let left = 10; left > 0 && world.state.kind !== 'idle'; left -= 1) world.answer(false)
      expect(world.state).toEqual({ kind: 'idle' })
      expect([...world.unseen]).toEqual([])
    }),
  )
})

test('it ends exactly once, with nothing left alive, whenever it is told to', () => {
  const steps = fc.array(fc.constantFrom('change', 'answer', 'fail'), { maxLength: 40 })
  const modes = fc.constantFrom<OnBusy[]>('restart', 'queue', 'ignore', 'signal')
  fc.assert(
    fc.property(modes, steps, steps, (onBusy, before, after) => {
      const world = new World(onBusy)
      world.feed(run)
      const play = (step: string): void =>
        step === 'change' ? world.change() : world.answer(step === 'fail')
      before.forEach(play)
      world.feed(end)
      const { spawns } = world
      after.forEach(play)
      world.feed(end)
      for (let left = 5; left > 0 && world.finished === 0; left -= 1) world.answer(false)
      expect([world.state.kind, world.finished, world.spawns]).toEqual(['ended', 1, spawns])
    }),
  )
})
