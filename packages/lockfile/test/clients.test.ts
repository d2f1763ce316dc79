import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { acquire, inspect } from '../src/index.ts'
import { missing } from './rig/skip.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'

const protocol = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8')

/** The client as the protocol page prints it. */
function clientIn(language: 'sh' | 'python'): string {
  const code = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(protocol)?.[1]
  if (code === undefined) throw new Error(`PROTOCOL.md has no client in ${language}`)
  return code
}

describe.each([
  ['sh', 'sh'],
  ['python', 'python3'],
] as const)('the %s client of the protocol page', (language, program) => {
  const reason = language === 'sh' ? missing('linux') : missing('linux', 'python3')

  const start = (space: Workspace, command: readonly string[]): ChildProcess => {
    const file = join(space.root, `client.${language}`)
    writeFileSync(file, clientIn(language))
    return spawn(program, [file, join(space.locks, 'build'), ...command], {
      stdio: ['pipe', 'inherit', 'inherit'],
    })
  }

  test('takes the lock, is seen as its holder, and its exit code is the outcome', async ({
    skip,
  }) => {
    if (reason !== null) skip(reason)
    using space = new Workspace()
    const { root } = space
    await (await acquire({ root, label: 'predecessor', data: { socket: '/x' } })).release()
    const client = start(space, ['sh', '-c', 'read line; exit 3'])
    await until(
      'the client holds the lock',
      async () => (await inspect({ root })).state === 'build',
    )
    const { build } = await inspect({ root })
    // Its predecessor's record is still in the file; it must not pass for the client's own.
    expect(build).toMatchObject({
      kind: 'held',
      verdict: { kind: 'alive' },
      holder: { pid: client.pid, label: null, data: null },
    })
    const waiting = acquire({ root })
    client.stdin?.end('\n')
    const lease = await waiting
    expect(lease.takenOver).toBeUndefined()
    await lease.release()
    expect((await inspect({ root })).build).toMatchObject({ gen: lease.gen })
    expect(client.exitCode ?? (await once(client, 'exit'))[0]).toBe(3)
  })

  test('waits for us, and is proved dead when killed', async ({ skip }) => {
    if (reason !== null) skip(reason)
    using space = new Workspace()
    const { root } = space
    const lease = await acquire({ root })
    const client = start(space, ['sh', '-c', 'read line'])
    await lease.release({ status: 'ok', exitCode: 0 })
    await until(
      'the client holds the lock',
      async () => (await inspect({ root })).state === 'build',
    )
    client.kill('SIGKILL')
    const next = await acquire({ root })
    expect(next.takenOver).toMatchObject({ holder: { pid: client.pid } })
    await next.release()
    client.stdin?.end()
  })
})
