import fc from 'fast-check'
import { expect, test } from 'vitest'

import { LOOP_BUILDS, LoopDetector, ignoreLineFor } from './loop-detector.ts'

/** Runs one build of 10 ms that writes `paths` in its middle; returns what that means. */
function build(detector: LoopDetector, at: number, paths: readonly string[]): string | null {
  detector.started(at)
  const verdict =
    paths.length === 0 ? null : detector.changed({ paths, firstAt: at + 4, lastAt: at + 5 })
  detector.ended(at + 10)
  return verdict?.kind ?? null
}

const edit = (detector: LoopDetector, at: number, path: string): string =>
  detector.changed({ paths: [path], firstAt: at, lastAt: at }).kind

test('a build that writes what triggers it is built three more times, then once as a control, then no more', () => {
  const detector = new LoopDetector()
  edit(detector, 0, 'src/main.ts')
  expect([100, 200, 300, 400, 500].map((at) => build(detector, at, ['src/gen.ts']))).toEqual([
    'react',
    'react',
    'react',
    'control',
    'suspend',
  ])
  expect([...detector.suspended]).toEqual(['src/gen.ts'])
})

test('a generator that settles is never suspended', () => {
  const detector = new LoopDetector()
  edit(detector, 0, 'src/main.ts')
  expect([100, 200, 300, 400].map((at) => build(detector, at, ['src/gen.ts']))).toEqual([
    'react',
    'react',
    'react',
    'control',
  ])
  expect(build(detector, 500, [])).toBeNull()
  expect([...detector.suspended]).toEqual([])
})

test('an edit by somebody between the builds starts the count again', () => {
  const detector = new LoopDetector()
  edit(detector, 0, 'src/main.ts')
  for (const at of [100, 200, 300]) build(detector, at, ['src/gen.ts'])
  edit(detector, 390, 'src/main.ts')
  expect(build(detector, 400, ['src/gen.ts'])).toBe('react')
})

test('what is suspended means nothing inside a build and counts again outside of one', () => {
  const detector = new LoopDetector()
  edit(detector, 0, 'src/main.ts')
  for (const at of [100, 200, 300, 400, 500]) build(detector, at, ['gen.ts'])
  edit(detector, 590, 'src/main.ts')
  expect(build(detector, 600, ['gen.ts'])).toBe('ignore')
  expect(detector.changed({ paths: ['gen.ts'], firstAt: 900, lastAt: 900 })).toEqual({
    kind: 'react',
    released: ['gen.ts'],
  })
  expect([...detector.suspended]).toEqual([])
})

test('the other files of such a build still count', () => {
  const detector = new LoopDetector()
  edit(detector, 0, 'src/main.ts')
  for (const at of [100, 200, 300, 400]) build(detector, at, ['gen.ts'])
  detector.started(500)
  expect(detector.changed({ paths: ['gen.ts', 'src/new.ts'], firstAt: 505, lastAt: 505 })).toEqual({
    kind: 'suspend',
    paths: ['gen.ts'],
    rest: true,
  })
})

test('a build that a dependency led to is no sign of a loop', () => {
  const detector = new LoopDetector()
  for (let at = 100; at < 2_000; at += 100) {
    detector.causedOtherwise()
    expect(build(detector, at, ['gen.ts'])).toBe('react')
  }
})

test('only what builds write is ever suspended, and no loop goes on for ever', () => {
  const path = fc.constantFrom('a', 'b', 'c')
  const step = fc.oneof(
    fc.record({ kind: fc.constant('build' as const), paths: fc.uniqueArray(path) }),
    fc.record({ kind: fc.constant('edit' as const), path }),
    fc.record({ kind: fc.constant('dependency' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const detector = new LoopDetector()
      const written = new Set<string>()
      let reactions = 0
      steps.forEach((one, index) => {
        const at = (index + 1) * 100
        if (one.kind === 'dependency') {
          detector.causedOtherwise()
          reactions = 0
        } else if (one.kind === 'edit') {
          expect(edit(detector, at, one.path)).toBe('react')
          expect(detector.suspended.has(one.path)).toBe(false)
          reactions = 0
        } else {
          for (const each of one.paths) written.add(each)
          const verdict = build(detector, at, one.paths)
          // Nothing but the same paths, again and again, led to these builds.
          reactions = verdict === 'react' && one.paths.length === 3 ? reactions + 1 : 0
          expect(reactions).toBeLessThanOrEqual(LOOP_BUILDS + 1)
        }
        for (const each of detector.suspended) expect(written).toContain(each)
      })
    }),
  )
})

test('the proposed line ignores that path and no other of its name', () => {
  expect(ignoreLineFor('gen.ts')).toBe('/gen.ts')
  expect(ignoreLineFor('src/gen.ts')).toBe('src/gen.ts')
})
