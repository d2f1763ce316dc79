import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Change, EntryType } from '../options.ts'
import { Window } from './window.ts'

const add = (path: string, type: EntryType = 'file'): Change => ({ path, kind: 'add', type })
const change = (path: string): Change => ({ path, kind: 'change', type: 'file' })
const unlink = (path: string, type: EntryType = 'file'): Change => ({
  path,
  kind: 'unlink',
  type,
})

test.for<readonly [string, readonly Change[], readonly Change[], readonly string[]]>([
  ['add and change is add', [add('f'), change('f')], [add('f')], []],
  ['add and unlink is nothing', [add('f'), unlink('f')], [], ['f']],
  ['change and unlink is unlink', [change('f'), unlink('f')], [unlink('f')], []],
  ['unlink and add is change', [unlink('f'), add('f')], [change('f')], []],
  ['unlink, add and unlink is unlink', [unlink('f'), add('f'), unlink('f')], [unlink('f')], []],
  [
    'another type is an unlink and an add',
    [unlink('f'), add('f', 'dir')],
    [unlink('f'), add('f', 'dir')],
    [],
  ],
  [
    'unlinks come first, children before parents; then the rest, parents before children',
    [add('new', 'dir'), add('new/f'), unlink('old', 'dir'), unlink('old/f'), change('k')],
    [unlink('old/f'), unlink('old', 'dir'), change('k'), add('new', 'dir'), add('new/f')],
    [],
  ],
])('%s', ([, changes, expected, touched]) => {
  const window = new Window()
  for (const one of changes) window.add(one)
  expect(window.result()).toEqual({ changes: expected, touched })
})

test.for<readonly [string, readonly Change[], boolean]>([
  ['a file that is written', [change('f')], true],
  ['a file that is written twice', [change('f'), change('f')], true],
  ['two files', [change('f'), change('g')], false],
  ['a file and a temporary one beside it', [add('f~'), change('f'), unlink('f~')], false],
  ['a new file', [add('f')], false],
  ['a new file that is written', [add('f'), change('f')], false],
  ['a file that goes', [unlink('f')], false],
  ['a file that goes and comes back', [unlink('f'), add('f')], false],
  ['nothing', [], false],
])('%s: whether it is a single write', ([, changes, expected]) => {
  const window = new Window()
  for (const one of changes) window.add(one)
  expect(window.isSingleWrite).toBe(expected)
})

test('replaying what a window came to leads where replaying its changes leads', () => {
  const step = fc.record({
    path: fc.constantFrom('a', 'b', 'a/c'),
    to: fc.constantFrom('file', 'dir', undefined),
  })
  const property = fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
    const disk = new Map<string, EntryType>([['a', 'file'] as const])
    const told = new Map(disk)
    const window = new Window()
    for (const { path, to } of steps) {
      const before = disk.get(path)
      if (before !== undefined && before !== to) window.add(unlink(path, before))
      if (to === undefined) disk.delete(path)
      else {
        window.add({ path, kind: before === to ? 'change' : 'add', type: to })
        disk.set(path, to)
      }
    }
    for (const { path, kind, type } of window.result().changes) {
      expect(told.has(path)).toBe(kind !== 'add')
      if (kind === 'unlink') told.delete(path)
      else told.set(path, type)
    }
    expect(told).toEqual(disk)
  })
  fc.assert(property)
})
