import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** What happened to which target from an event on, as `build orders`, `ready orders`. */
function story(session: Program, from: number): readonly string[] {
  return session
    .events()
    .slice(from)
    .flatMap((event) => {
      switch (event.type) {
        case 'build-started':
          return [`build ${event.target}`]
        case 'ready':
          return [`ready ${event.target}`]
        case 'build-failed':
          return [`failed ${event.target}`]
        default:
          return []
      }
    })
}

test('everything is built in dependency order, one at a time, and started', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const events = session.events()
  expect(events.findIndex(({ type }) => type === 'watching')).toBeLessThan(
    events.findIndex(({ type }) => type === 'build-started'),
  )
  expect(story(session, 0).filter((line) => line.startsWith('build'))[0]).toBe('build schema')
  const building = new Set<string>()
  for (const event of events) {
    if (event.type === 'build-started') {
      building.add(event.target)
      expect([...building]).toHaveLength(1)
    }
    if (event.type === 'build-succeeded') building.delete(event.target)
  }
  expect(session.stdout + session.stderr).not.toContain('dist/ is in use')
  for (const name of ['orders', 'billing', 'emails']) {
    expect(await workspace.get(name)).toMatchObject({ function: name, version: '1' })
    const ready = events.find((event) => event.type === 'ready' && event.target === name)
    expect(ready).toMatchObject({ link: `http://localhost:${workspace.ports[name]}` })
  }
})

test('an edit in one function rebuilds and restarts that one only', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('services/billing/main.ts', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'ready' && event.target === 'billing', from)
  expect(await workspace.get('billing')).toMatchObject({ version: '2' })
  expect(story(session, from)).toEqual(['build billing', 'ready billing'])
})

test('an edit in shared code rebuilds its dependents, one at a time', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('shared/money.ts', "'EUR'", "'USD'")
  await session.event(({ type }) => type === 'settled', from)
  expect(story(session, from).toSorted()).toEqual([
    'build billing',
    'build emails',
    'build orders',
    'ready billing',
    'ready emails',
    'ready orders',
  ])
  expect(await workspace.get('orders')).toMatchObject({ example: 'an order of USD 10.00' })
})

test('generated code that comes out equal stops the wave', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('schema/events.json', 'What the', 'Whatever the')
  await session.event(
    (event) =>
      event.type === 'build-succeeded' && event.target === 'schema' && !event.outputsChanged,
    from,
  )
  workspace.edit('services/emails/main.ts', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'ready' && event.target === 'emails', from)
  expect(story(session, from)).toEqual(['build schema', 'build emails', 'ready emails'])
})

test('generated code that changed rebuilds those that use it', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit(
    'schema/events.json',
    '"customer": "string"',
    '"customer": "string", "coupon": "string"',
  )
  await session.event((event) => event.type === 'ready' && event.target === 'orders', from)
  await session.event(({ type }) => type === 'settled', from)
  expect(await workspace.get('orders')).toMatchObject({
    publishes: { 'order.placed': ['orderId', 'customer', 'coupon', 'amountInCents'] },
  })
})

test('an edit that leaves the bundle equal must not restart the function', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  const source = workspace.read('services/orders/main.ts')
  workspace.write('services/orders/main.ts', `// a note\n${source}`)
  await session.event((event) => event.type === 'unchanged' && event.target === 'orders', from)
  expect(story(session, from)).toEqual(['build orders'])
})

test('an edit of a README does nothing', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('README.md', 'Other words.\n')
  workspace.write('services/orders/NOTES.md', 'Some notes.\n')
  // The edit after them has been built, so they had their chance.
  workspace.edit('services/emails/main.ts', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'ready' && event.target === 'emails', from)
  expect(story(session, from)).toEqual(['build emails', 'ready emails'])
})

test('a failing build leaves the old function serving, shows the first error, and recovers', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('services/billing/main.ts', "function: 'billing',", 'function: = ,')
  const failed = await session.event((event) => event.type === 'build-failed', from)
  expect(failed).toMatchObject({ target: 'billing', serving: true, end: { kind: 'code', code: 1 } })
  expect(failed).toHaveProperty(
    'headline',
    expect.stringContaining('services/billing/main.ts:12:17 Unexpected "="'),
  )
  expect(await workspace.get('billing')).toMatchObject({ version: '1' })
  workspace.edit('services/billing/main.ts', 'function: = ,', "function: 'billing',")
  workspace.edit('services/billing/main.ts', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'ready' && event.target === 'billing', from)
  expect(await workspace.get('billing')).toMatchObject({ version: '2' })
})

test('an edit during a build leads to exactly one more build', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session({ EXTRA_BUILD_MS: '700' })
  const from = session.events().length
  const builds = workspace.builds('orders')
  workspace.edit('services/orders/main.ts', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'build-started' && event.target === 'orders', from)
  await eventually('the build has begun to write', () =>
    workspace.processes().some((line) => line.includes('build.mjs')) ? true : undefined,
  )
  workspace.edit('services/orders/main.ts', "version = '2'", "version = '3'")
  await eventually('the last edit is served', async () =>
    (await workspace.get('orders').catch(() => ({ version: '' })))['version'] === '3'
      ? true
      : undefined,
  )
  await session.event(({ type }) => type === 'settled', from)
  expect(workspace.builds('orders')).toBe(builds + 2)
})

test('the environment file of a function restarts it', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('services/emails/.env', 'shop@', 'store@')
  await session.event((event) => event.type === 'ready' && event.target === 'emails', from)
  expect((await workspace.get('emails'))['example']).toContain('from store@example.com')
})
