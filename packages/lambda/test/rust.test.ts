import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { InvokeCommand } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'

import { startRig, superviseInstance } from './rig.ts'
import { skip } from './skip.ts'

const project = join(import.meta.dirname, 'fixtures/rust-function')

/** Why the test cannot run here, or undefined. */
function missing(): string | undefined {
  if (process.env['SINGLETRACK_TEST_RUST'] === undefined) {
    return 'it compiles for about half a minute; set SINGLETRACK_TEST_RUST=1 to run it'
  }
  return spawnSync('cargo', ['--version']).status === 0 ? undefined : 'cargo is not installed'
}

test(
  'a Rust function on the unmodified lambda_runtime crate',
  { timeout: 600_000 },
  async (context) => {
    const why = missing()
    if (why !== undefined) skip(context, why)
    const target = await mkdtemp(join(tmpdir(), 'singletrack-lambda-rust-'))
    try {
      // A copy, so that cargo leaves nothing in the work tree.
      await cp(project, target, { recursive: true })
      const build = spawnSync('cargo', ['build', '--quiet'], { cwd: target, encoding: 'utf8' })
      if (/failed to (download|fetch|get)/.test(build.stderr)) {
        skip(context, 'no registry is reachable')
      }
      expect(build.stderr).toBe('')
      const executable = join(target, 'target/debug/rust-function')
      expect(existsSync(executable)).toBe(true)

      await using rig = await startRig({}, ({ instance }, children) => {
        const env = { ...process.env, ...instance.env }
        const child = spawn(executable, { env, stdio: ['ignore', 'pipe', 'pipe'] })
        superviseInstance(instance, child)
        children.push(child)
      })
      const invoke = async (event: unknown) => {
        const Payload = JSON.stringify(event)
        const result = await rig.client.send(new InvokeCommand({ FunctionName: 'rust', Payload }))
        return {
          error: result.FunctionError,
          document: JSON.parse(Buffer.from(result.Payload ?? []).toString()) as unknown,
          id: result.$metadata.requestId,
        }
      }
      const hello = await invoke({ name: 'world' })
      expect(hello.document).toMatchObject({ hello: 'world', requestId: hello.id, memory: 128 })
      expect(await invoke({ fail: true })).toMatchObject({
        error: 'Unhandled',
        document: { errorMessage: 'told to fail' },
      })
      expect(rig.children, 'one process serves them all').toHaveLength(1)
    } finally {
      await rm(target, { recursive: true, force: true })
    }
  },
)
