import type { Stats } from 'node:fs'
import { lstatSync } from 'node:fs'

import { expect, test } from 'vitest'

import { ChokidarFilter } from './chokidar-filter.ts'

const directory: Stats = lstatSync(import.meta.dirname)
const file: Stats = lstatSync(import.meta.filename)

/** `/known` is a file of the index, `/ignored` a directory that nobody needs. */
function filter(): ChokidarFilter {
  return new ChokidarFilter({
    root: '/',
    followSymlinks: false,
    excludesDirectory: (path) => path === '/ignored',
    isFile: (path) => path === '/known',
  })
}

test('during the walk only directories are let through, without those that nobody needs', () => {
  const walking = filter()
  expect(walking.leavesOut('/new', file)).toBe(true)
  expect(walking.leavesOut('/d', directory)).toBe(false)
  expect(walking.leavesOut('/ignored', directory)).toBe(true)
})

test('before anybody has looked, only a known file is left out', () => {
  const walking = filter()
  expect(walking.leavesOut('/known', undefined)).toBe(true)
  expect(walking.leavesOut('/new', undefined)).toBe(false)
})

test('after the walk a file that the index lacks is let through: it may be news', () => {
  const walked = filter()
  walked.walked()
  expect(walked.leavesOut('/known', file)).toBe(true)
  expect(walked.leavesOut('/new', file)).toBe(false)
})

test('what chokidar entered as a directory it has to leave, though a file is there now', () => {
  const walked = filter()
  walked.walked()
  walked.leavesOut('/known', directory)
  expect(walked.leavesOut('/known', undefined)).toBe(false)
  expect(walked.leavesOut('/known', file)).toBe(false)
  walked.left('/known')
  expect(walked.leavesOut('/known', undefined)).toBe(true)
})

test('it knows which directories were entered, and not left', () => {
  const walking = filter()
  walking.leavesOut('/d', directory)
  walking.leavesOut('/ignored', directory)
  expect([walking.hasEntered('/d'), walking.hasEntered('/ignored')]).toEqual([true, false])
  walking.left('/d')
  expect(walking.hasEntered('/d')).toBe(false)
})
