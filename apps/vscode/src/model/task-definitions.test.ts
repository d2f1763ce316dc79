import { expect, test } from 'vitest'

import { findCommand } from './find-command.ts'
import {
  offeredTasks,
  parseTask,
  taskArguments,
  taskMatchers,
  taskName,
} from './task-definitions.ts'

test('a watch, a build of everything, and a build of each target are offered', () => {
  expect(offeredTasks(['api', 'web']).map(taskName)).toEqual([
    'watch',
    'build',
    'build api',
    'build web',
  ])
})

test.for([
  [{ type: 'singletrack', task: 'build', targets: ['a'] }, true],
  [{ type: 'singletrack', task: 'watch' }, true],
  [{ type: 'npm', task: 'build' }, false],
  [{ type: 'singletrack', task: 'clean' }, false],
  [{ type: 'singletrack', task: 'build', targets: 'a' }, false],
] as const)('%j is one of ours: %s', ([definition, ours]) => {
  expect(parseTask(definition) !== null).toBe(ours)
})

test('the arguments name the root, so that it does not matter where the terminal starts', () => {
  const task = { type: 'singletrack', task: 'build', targets: ['a', 'b'] } as const
  expect(taskArguments(task, '/w')).toEqual(['build', '--root', '/w', '--problems', 'a', 'b'])
  expect(taskArguments({ type: 'singletrack', task: 'watch' }, '/w')).toEqual([
    'watch',
    '--root',
    '/w',
  ])
})

test('while a session runs its own problems are shown, and none a second time', () => {
  const task = { type: 'singletrack', task: 'build' } as const
  expect(taskMatchers(task, true)).toEqual([])
  expect(taskMatchers(task, false)).toEqual(['$singletrack'])
})

test('a watch tells when it rests, whether or not the editor has seen its session yet', () => {
  const task = { type: 'singletrack', task: 'watch' } as const
  expect(taskMatchers(task, false)).toEqual(['$singletrack-watch'])
  expect(taskMatchers(task, true)).toEqual(['$singletrack-watch'])
})

test.for([
  ['what is set', { setting: '/opt/singletrack' }, '/opt/singletrack'],
  ['what the workspace has installed', {}, '/w/node_modules/.bin/singletrack'],
  ['what is on the PATH', { exists: () => false }, 'singletrack'],
] as const)('tasks run %s', ([, over, command]) => {
  expect(
    findCommand({
      setting: null,
      folders: ['/w/a', '/w'],
      join: (...parts) => parts.join('/'),
      exists: (file) => file.startsWith('/w/node_modules'),
      windows: false,
      ...over,
    }),
  ).toBe(command)
})
