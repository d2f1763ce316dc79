import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import type { Change } from '../options.ts'
import { ContentHashes } from './content-hashes.ts'
import { FileContents } from './file-contents.ts'

interface Rig {
  readonly contents: FileContents
  readonly hashes: ContentHashes
  readonly write: (text: string) => void
  /** `changed` or `touched`, as the target is told of this. */
  readonly told: (kind?: Change['kind']) => Promise<string>
}

/** A target and one file, which was there when it was added and is taken down if asked for. */
function rig({ listedInMs }: { readonly listedInMs?: number } = {}): Rig {
  const root = mkdtempSync(join(tmpdir(), 'singletrack-contents-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const contents = new FileContents(root)
  const hashes = new ContentHashes(contents)
  const write = (text: string): void => writeFileSync(join(root, 'f'), text)
  write('first')
  if (listedInMs !== undefined) {
    const work = contents.takeDown([{ path: 'f', listedAtMs: Date.now() + listedInMs }])
    while (work.next().done !== true);
  }
  return {
    contents,
    hashes,
    write,
    told: async (kind = 'change') => {
      const { touched } = await hashes.filter({
        changes: [{ path: 'f', kind, type: 'file' }],
        touched: [],
      })
      return touched.length === 1 ? 'touched' : 'changed'
    },
  }
}

/** Long after the file was written. */
const LATER_MS = 60_000

test('the first touch of a file whose content was taken down is a touch', async () => {
  const { told, write } = rig({ listedInMs: LATER_MS })
  expect(await told()).toBe('touched')
  write('second')
  expect([await told(), await told()]).toEqual(['changed', 'touched'])
  write('first')
  expect(await told()).toBe('changed')
})

test('the first touch of a file of which nothing is known is a change', async () => {
  const { told } = rig()
  expect([await told(), await told()]).toEqual(['changed', 'touched'])
})

test('what may have been written after the listing must not pass for what was there at first', async () => {
  const { told } = rig({ listedInMs: 0 })
  expect(await told()).toBe('changed')
})

test('a target that came later must not compare with what was there before it', async () => {
  const { contents, write } = rig({ listedInMs: LATER_MS })
  write('second')
  const later = new ContentHashes(contents)
  write('first')
  const changes = [{ path: 'f', kind: 'change', type: 'file' }] as const
  expect(await later.filter({ changes, touched: [] })).toEqual({ changes, touched: [] })
})

test('after anything may have changed, equal content counts as a change', async () => {
  const { told, hashes } = rig({ listedInMs: LATER_MS })
  expect(await told()).toBe('touched')
  hashes.forget()
  expect([await told(), await told()]).toEqual(['changed', 'touched'])
})

test('a file that was away and is there again counts, with whatever is in it', async () => {
  const { told } = rig({ listedInMs: LATER_MS })
  expect([await told('unlink'), await told('add'), await told()]).toEqual([
    'changed',
    'changed',
    'touched',
  ])
})

test('large files are compared too', async () => {
  const { told, write } = rig()
  write('x'.repeat(1_000_000))
  expect([await told(), await told()]).toEqual(['changed', 'touched'])
})

test('another time of modification alone is no change', async () => {
  const root = mkdtempSync(join(tmpdir(), 'singletrack-contents-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'f'), '1')
  const contents = new FileContents(root)
  const before = await contents.digest('f')
  utimesSync(join(root, 'f'), 1, 1)
  await Promise.resolve()
  expect(await contents.digest('f')).toBe(before)
})
