import { chmodSync, closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import { Workspace } from './support/workspace.ts'

test('a program that somebody else wrote must not pass for the one that was built', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  // Outputs trigger nothing; the function that is started now runs what is not of our build.
  workspace.edit('dist/orders.mjs', /version = ['"]1['"]/, 'version = "patched"')
  let from = session.events().length
  expect(await ask(workspace, ['restart', 'orders'])).toMatchObject({ code: 0 })
  await session.event((event) => event.type === 'ready' && event.target === 'orders', from)
  expect(await workspace.get('orders')).toMatchObject({ version: 'patched' })
  // The same bundle as the last good build made, but not what runs.
  from = session.events().length
  expect(await ask(workspace, ['build', '--fresh', 'orders'])).toMatchObject({ code: 0 })
  await session.event((event) => event.type === 'ready' && event.target === 'orders', from)
  expect(await workspace.get('orders')).toMatchObject({ version: '1' })
})

test.runIf(process.platform === 'linux')(
  'a program that is still open for writing is started when it is not (ETXTBSY)',
  async () => {
    await using workspace = Workspace.of({
      'singletrack.jsonc': JSON.stringify({
        targets: { api: { watch: [], run: { command: ['./api.sh'], ready: { output: '^up$' } } } },
      }),
      'api.sh': '#!/bin/sh\necho up\nexec sleep 1000\n',
    })
    const path = join(workspace.root, 'api.sh')
    chmodSync(path, 0o755)
    const writer = openSync(path, 'r+')
    await using session = workspace.run(['watch', '--json'])
    await session.event(({ type }) => type === 'starting')
    await session.event((event) => event.type === 'output' && event.line.endsWith('Text file busy'))
    closeSync(writer)
    await session.event(
      (event) => event.type === 'output' && event.source === 'run' && event.line === 'up',
    )
    await session.event(({ type }) => type === 'settled')
    expect(session.events().some(({ type }) => type === 'crashed')).toBe(false)
  },
)
