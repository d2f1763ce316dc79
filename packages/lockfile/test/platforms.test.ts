import { closeSync, openSync } from 'node:fs'

import { expect, test } from 'vitest'

import { acquire } from '../src/index.ts'
import { portableProcesses } from '../src/system/portable-processes.ts'
import { Workspace } from './rig/workspace.ts'

test('on Windows, a baton that another program keeps open is tried again', async ({ skip }) => {
  if (process.platform !== 'win32') {
    process.stdout.write('skipped: needs Windows\n')
    skip('needs Windows')
  }
  using space = new Workspace()
  await (await acquire({ root: space.root })).release()
  const descriptor = openSync(space.batonPath(), 'r')
  const closing = setTimeout(() => closeSync(descriptor), 100)
  const lease = await acquire({ root: space.root })
  clearTimeout(closing)
  await lease.release()
})

test('without /proc, ps tells when a process started, within the tolerance', ({ skip }) => {
  const facts = portableProcesses.probe(process.pid)
  if (facts.kind !== 'present' || facts.start === null) {
    process.stdout.write('skipped: needs ps with lstart\n')
    skip('needs ps with lstart')
    return
  }
  const own = Math.round(performance.timeOrigin / 1000)
  // A worker of the test runner begins a little after its process.
  expect(Math.abs(Number(facts.start) - own)).toBeLessThan(60)
})

test('without /proc, no process is ever taken for an orphan', () => {
  expect(portableProcesses.members(process.pid)).toEqual([])
})
