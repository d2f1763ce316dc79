import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { Workspace } from './support/workspace.ts'

const source = 'services/orders/main.ts'

test('after an edit and a wait, the function serves that edit, whatever came before', async () => {
  await using workspace = await Workspace.functions()
  await using _session = await workspace.session()
  const original = workspace.read(source)
  let serial = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('edit', 'break', 'shared', 'touch'), { maxLength: 4 }),
      async (edits) => {
        for (const kind of edits) {
          serial += 1
          if (kind === 'shared')
            workspace.write('shared/extra.ts', `export const extra = ${serial}\n`)
          else if (kind === 'break') workspace.write(source, `${original}\n=`)
          else if (kind === 'touch') workspace.write(source, workspace.read(source))
          else workspace.write(source, edited(original, `${serial}-before`))
        }
        serial += 1
        workspace.write(source, edited(original, `${serial}`))
        expect(await ask(workspace, ['wait', '--settled'])).toMatchObject({ code: 0 })
        expect(await workspace.get('orders')).toMatchObject({ edition: `${serial}` })
      },
    ),
    { numRuns: 12 },
  )
})

const edited = (text: string, edition: string): string =>
  text.replace("function: 'orders',", `function: 'orders', edition: '${edition}',`)

test('a wait that takes too long exits 4 and names who is busy', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc':
      '{ "targets": { "api": { "build": ["node", "-e", "setInterval(() => {}, 1000)"] } } }',
  })
  await using session = workspace.run(['watch', '--json'])
  await session.event(({ type }) => type === 'build-started')
  expect(await ask(workspace, ['wait', '--timeout', '200ms'])).toMatchObject({
    code: 4,
    stdout: 'not there after 200ms; still busy: api\n',
  })
  expect(await askJson(workspace, ['wait', '--timeout', '0ms'])).toMatchObject({
    code: 4,
    document: { type: 'wait', result: { kind: 'timed-out', targets: ['api'] } },
  })
})

test('a session that ends while somebody waits must not leave them hanging', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc':
      '{ "targets": { "api": { "build": ["node", "-e", "setInterval(() => {}, 1000)"] } } }',
  })
  await using session = workspace.run(['watch', '--json'])
  await session.event(({ type }) => type === 'build-started')
  await using waiting = workspace.run(['wait'])
  const status = await askJson(workspace, ['status'])
  expect(status.code).toBe(0)
  await session.endBy('SIGTERM')
  expect([1, 5]).toContain((await waiting.end()).code)
})

test('wait inside a build is refused, because it would wait for itself', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': '{ "targets": {} }' })
  const held = JSON.stringify([
    { lock: 'dist', dir: '/x', gen: '0000000000001', nonce: '0123456789abcdef' },
  ])
  const { code, stderr } = await ask(workspace, ['wait'], { SINGLETRACK_HELD: held })
  expect(code).toBe(2)
  expect(stderr).toContain('inside a build that holds dist')
})

test('a duration without a unit is a usage error', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': '{ "targets": {} }' })
  expect(await ask(workspace, ['wait', '--timeout', '60'])).toMatchObject({
    code: 2,
    stderr:
      'singletrack: --timeout 60 is no duration; write it with a unit, as in 500ms, 60s, 10m or 1h\n',
  })
})
