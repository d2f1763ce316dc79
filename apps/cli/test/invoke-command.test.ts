import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

import { expect, test } from 'vitest'

import { openFunctions } from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'
import { MAIN } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

test('"singletrack invoke" prints the answer, and an error of the function is its failure', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using _opened = await openFunctions(workspace)
  const good = workspace.run(['invoke', 'hello', '--data', '{"name":"Ada"}'])
  expect((await good.end()).code).toBe(0)
  expect(JSON.parse(good.stdout)).toMatchObject({ function: 'hello', event: { name: 'Ada' } })
  const bad = workspace.run(['invoke', 'hello', '--data', '{"fail":"no"}', '--json'])
  expect((await bad.end()).code).toBe(1)
  expect(JSON.parse(bad.stdout)).toMatchObject({
    v: 1,
    type: 'invocation',
    functionError: 'Unhandled',
    payload: { errorType: 'Oops', errorMessage: 'no' },
  })
  const url = workspace.run(['invoke', 'hello', '--url'])
  expect((await url.end()).code).toBe(0)
  expect(JSON.parse(url.stdout)).toMatchObject({ function: 'hello' })
})

test('"singletrack invoke" says what is wrong before it sends anything', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  const early = workspace.run(['invoke', 'hello'])
  expect((await early.end()).code).toBe(5)
  await using _opened = await openFunctions(workspace)
  const unknown = workspace.run(['invoke', 'hallo'])
  expect((await unknown.end()).code).toBe(2)
  expect(unknown.stderr).toContain('there is no target "hallo"; functions are hello')
  const invalid = workspace.run(['invoke', 'hello', '--data', '{'])
  expect((await invalid.end()).code).toBe(2)
  expect(invalid.stderr).toContain('the event is no JSON')
})

test('the event may come from a file or from standard input', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  workspace.write('event.json', '{"from":"a file"}')
  await using _opened = await openFunctions(workspace)
  const file = workspace.run(['invoke', 'hello', '--file', 'event.json'])
  expect((await file.end()).code).toBe(0)
  expect(JSON.parse(file.stdout)).toMatchObject({ event: { from: 'a file' } })
  const piped = await pipedInto(workspace, '{"from":"a pipe"}')
  expect(JSON.parse(piped.stdout)).toMatchObject({ event: { from: 'a pipe' } })
})

test('an event that cannot be read is named, and nothing is invoked', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await openFunctions(workspace)
  const missing = workspace.run(['invoke', 'hello', '--file', 'none.json'])
  expect((await missing.end()).code).toBe(2)
  expect(missing.stderr).toContain('cannot read none.json: ENOENT')
  const nameless = workspace.run(['invoke', 'hello', '--file'])
  expect((await nameless.end()).code).toBe(2)
  expect(nameless.stderr).toBe('singletrack: Not enough arguments following: file\n')
  const invalid = await pipedInto(workspace, '{"from":')
  expect(invalid).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('standard input is no JSON'),
  })
  expect(opened.session.events().map(({ type }) => type)).not.toContain('invoked')
})

async function pipedInto(
  workspace: Workspace,
  event: string,
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, 'invoke', 'hello', '--file', '-'], {
    cwd: workspace.root,
    env: { ...process.env, NO_COLOR: '1' },
  })
  child.stdin.end(event)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}
