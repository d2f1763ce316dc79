import { tmpdir } from 'node:os'

import { expect, test } from 'vitest'

import { runCommand } from './command-runner.ts'

const options = { cwd: tmpdir(), environment: { ...process.env, FROM_TEST: 'yes' } }
const node = process.execPath

test('output, code and environment of a command', async () => {
  const code = 'console.log(process.env.FROM_TEST); console.error("no"); process.exitCode = 3'
  expect(await runCommand([node, '-e', code], options)).toEqual({
    kind: 'exited',
    code: 3,
    stdout: 'yes\n',
    stderr: 'no\n',
  })
})

test('a command that does not exist', async () => {
  expect(await runCommand(['singletrack-does-not-exist'], options)).toEqual({ kind: 'not-found' })
})

test('a command that is killed', async () => {
  const code = 'process.kill(process.pid, "SIGKILL")'
  const output = await runCommand([node, '-e', code], options)
  expect(output.kind).toBe('failed')
})

test('a command that reads its input finds it closed', async () => {
  const code = 'process.stdin.resume().on("end", () => console.log("end"))'
  expect(await runCommand([node, '-e', code], options)).toMatchObject({ stdout: 'end\n' })
})
