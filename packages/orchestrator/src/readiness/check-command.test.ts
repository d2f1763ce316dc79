import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { deadline, options, timeoutMs, waitInVain } from '../../test/support/readiness-rig.ts'
import type { Readiness } from '../configuration/workspace.ts'
import { systemProcessTable } from '../processes/index.ts'
import { waitUntilReady } from './wait-until-ready.ts'

describe.skipIf(process.platform === 'win32')('exec (where there is sh)', () => {
  test('is ready once the command exits with 0', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'singletrack-readiness-'))
    onTestFinished(async () => rm(folder, { recursive: true }))
    const waiting = waitUntilReady(
      options(shell('test -e "$WANTED"'), { cwd: folder, env: { ...process.env, WANTED: 'up' } }),
    )
    await writeFile(join(folder, 'up'), '')
    expect(await waiting).toMatchObject({ kind: 'ready' })
  })

  test('takes an argument vector too', async () => {
    const command = { kind: 'exec', argv: [process.execPath, '-e', 'process.exit(0)'] } as const
    const readiness: Readiness = { kind: 'exec', command, timeoutMs }
    expect(await waitUntilReady(options(readiness))).toMatchObject({ kind: 'ready' })
  })

  test('says how it failed, and the last thing it printed', async () => {
    expect(
      await waitInVain(shell('echo one; echo "\u001b[31mno\u001b[0m database" >&2; exit 3')),
    ).toBe('the check sh exited with 3: no database (waited 30 s)')
  })

  test('says that it cannot be started', async () => {
    const command = { kind: 'exec', argv: ['no-such-program'] } as const
    expect(await waitInVain({ kind: 'exec', command, timeoutMs })).toContain(
      'the check no-such-program cannot be started: spawn no-such-program ENOENT',
    )
  })

  test('an abort ends the check with all it started', async () => {
    const nonce = randomUUID()
    const folder = await mkdtemp(join(tmpdir(), 'singletrack-readiness-'))
    onTestFinished(async () => rm(folder, { recursive: true }))
    const controller = new AbortController()
    const waiting = waitUntilReady(
      options(shell('trap "" TERM; sleep 1000 & echo > up; wait'), {
        signal: controller.signal,
        cwd: folder,
        env: { ...process.env, SINGLETRACK_JOB: nonce },
      }),
    )
    await vi.waitFor(() => expect(existsSync(join(folder, 'up'))).toBe(true), deadline)
    controller.abort()
    expect(await waiting).toEqual({ kind: 'aborted' })
    const left = (): unknown => systemProcessTable().findMarked(new Set([nonce]))
    await vi.waitFor(() => expect(left()).toEqual([]), deadline)
  })

  test('what a check leaves behind in its group is ended', async () => {
    const nonce = randomUUID()
    const env = { ...process.env, SINGLETRACK_JOB: nonce }
    const readiness = shell('sleep 1000 & exit 0')
    expect(await waitUntilReady(options(readiness, { env }))).toMatchObject({ kind: 'ready' })
    const left = (): unknown => systemProcessTable().findMarked(new Set([nonce]))
    await vi.waitFor(() => expect(left()).toEqual([]), deadline)
  })
})

function shell(line: string): Readiness {
  return { kind: 'exec', command: { kind: 'shell', line }, timeoutMs }
}
