import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

test('every event and every line of output is one line with the name of its target', async () => {
  await using workspace = await Workspace.functions()
  await using session = workspace.run(['watch'])
  await session.says('Ctrl-C ends everything')
  await session.endBy('SIGINT')
  expect(session.stderr).toBe('')
  const lines = session.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('  '))
  for (const line of lines)
    expect(line).toMatch(/^(singletrack|schema|shared|orders|billing|emails) /)
  expect(session.stdout).toMatch(/^orders +│ orders listens on/m)
  expect(session.stdout).toMatch(/^orders +ready at http:\/\/localhost:\d+ after \d/m)
})

test('people are told where the functions answer and what to edit', async () => {
  await using workspace = await Workspace.functions()
  await using session = workspace.run(['watch'])
  await session.says(
    new RegExp(`orders +http://localhost:${workspace.ports['orders']} +edit services/orders`),
  )
})

test('--json prints NDJSON on stdout and nothing else there', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  await session.endBy('SIGINT')
  const events = session.events()
  expect(events.every(({ v, time }) => v === 1 && !Number.isNaN(Date.parse(time)))).toBe(true)
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1))
  expect(events.at(-1)?.type).toBe('session-ended')
})
