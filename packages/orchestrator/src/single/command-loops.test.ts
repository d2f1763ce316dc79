import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { CommandLoops } from './command-loops.ts'
import type { OnBusy } from './decide.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A command that takes 100 ms a run and is run for whatever counts. */
class Rig {
  readonly story: string[] = []
  readonly loops: CommandLoops

  constructor(onBusy: OnBusy) {
    this.loops = new CommandLoops({
      onBusy,
      onChanges: ({ paths }) => this.story.push(`counts ${paths.join(', ')}`),
      onControl: () => this.story.push('control'),
      onLoop: (path, ignore) => this.story.push(`loop ${path} (${ignore})`),
    })
  }

  change(...paths: readonly string[]): void {
    this.loops.changed({ paths, complete: true }, { firstAt: Date.now(), lastAt: Date.now() })
  }

  /** One run that writes these paths in its middle. */
  run(...writes: readonly string[]): void {
    this.loops.started(Date.now())
    vi.advanceTimersByTime(50)
    if (writes.length > 0) this.change(...writes)
    vi.advanceTimersByTime(50)
    this.loops.ended(Date.now())
  }
}

test.for(['queue', 'restart', 'ignore'] as const)(
  'a command that always writes what it watches is run once more after quiet, then no more (%s)',
  (onBusy) => {
    const rig = new Rig(onBusy)
    for (let turn = 0; turn < 4; turn += 1) rig.run('log')
    expect(rig.story).toEqual(['counts log', 'counts log', 'counts log', 'control'])
    vi.advanceTimersByTime(2_000)
    expect(rig.story.at(-1)).toBe('counts log')
    rig.run('log')
    expect(rig.story.at(-1)).toBe('loop log (/log)')
    rig.run('log')
    expect(rig.story).toHaveLength(6)
  },
)

test('a path that is suspended counts again when it changes without a run', () => {
  const rig = new Rig('queue')
  for (let turn = 0; turn < 4; turn += 1) rig.run('log')
  vi.advanceTimersByTime(2_000)
  rig.run('log')
  vi.advanceTimersByTime(1_000)
  rig.change('log')
  expect(rig.story.at(-1)).toBe('counts log')
})

test('an edit while it waits for quiet is not kept waiting, and what waited is with it', () => {
  const rig = new Rig('queue')
  for (let turn = 0; turn < 4; turn += 1) rig.run('log')
  expect(rig.story.at(-1)).toBe('control')
  vi.advanceTimersByTime(500)
  rig.change('main.ts')
  expect(rig.story.at(-1)).toBe('counts log, main.ts')
  vi.advanceTimersByTime(10_000)
  expect(rig.story.at(-1)).toBe('counts log, main.ts')
})

test('somebody who saves the same file again and again must not pass for a loop', () => {
  const rig = new Rig('restart')
  for (let turn = 0; turn < 20; turn += 1) {
    rig.loops.started(Date.now())
    vi.advanceTimersByTime(2_500)
    rig.change('main.ts')
    rig.loops.ended(Date.now())
  }
  expect(rig.story).toEqual(Array.from({ length: 20 }, () => 'counts main.ts'))
})

test('a second save while a server is on its way out must not pass for its own writing', () => {
  const rig = new Rig('restart')
  for (let turn = 0; turn < 20; turn += 1) {
    rig.loops.started(Date.now())
    vi.advanceTimersByTime(60_000)
    rig.loops.ended(Date.now())
    rig.change('main.ts')
  }
  expect(rig.story).toEqual(Array.from({ length: 20 }, () => 'counts main.ts'))
})

test('changes that could not all be listed count', () => {
  const rig = new Rig('queue')
  for (let turn = 0; turn < 10; turn += 1) {
    rig.loops.started(Date.now())
    rig.loops.changed({ paths: [], complete: false }, { firstAt: Date.now(), lastAt: Date.now() })
  }
  expect(rig.story).toHaveLength(10)
})
