import { readdirSync } from 'node:fs'

import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

const api = '"run": ["node", "server.js"]'

test.for<[string, string, readonly string[]]>([
  ['malformed JSON', '{ "targets": ', ['singletrack.jsonc:1:']],
  [
    'an unknown key',
    `{\n  "targets": { "api": { "wach": [], ${api} } }\n}`,
    ['singletrack.jsonc:2:', 'wach', 'did you mean'],
  ],
  [
    'a dependency cycle',
    `{ "targets": { "a": { ${api}, "dependsOn": ["b"] }, "b": { ${api}, "dependsOn": ["a"] } } }`,
    ['singletrack.jsonc:1:', 'a → b → a'],
  ],
  [
    'an undefined resource',
    `{ "targets": { "a": { "build": { "command": ["true"], "uses": ["dits"] } } }, "resources": { "dist": 1 } }`,
    ['singletrack.jsonc:1:', 'dits', 'dist'],
  ],
  [
    'a bad duration',
    `{ "targets": { "a": { ${api} } }, "debounce": "fast" }`,
    ['singletrack.jsonc:1:', 'fast', '"50ms"'],
  ],
  [
    'two targets on one port',
    `{ "targets": { "a": { "run": { "command": ["x"], "port": 3001 } }, "b": { "run": { "command": ["x"], "port": 3001 } } } }`,
    ['singletrack.jsonc:1:', '3001', 'a'],
  ],
  [
    'a string for a command',
    `{ "targets": { "a": { "run": "node server.js" } } }`,
    ['singletrack.jsonc:1:', '["node", "server.js"]'],
  ],
])(
  '%s is named with its place and remedy, exits 2, and starts nothing',
  async ([, text, expected]) => {
    await using workspace = Workspace.of({ 'singletrack.jsonc': text })
    await using program = workspace.run(['watch'])
    expect(await program.end()).toEqual({ code: 2, signal: null })
    expect(program.stdout).toBe('')
    for (const part of expected) expect(program.stderr).toContain(part)
    expect(workspace.processes()).toEqual([])
  },
)

test('a missing configuration says what to write, and exits 2', async () => {
  await using workspace = Workspace.of({ 'package.json': '{}' })
  await using program = workspace.run(['watch', '--root', '.'])
  expect(await program.end()).toEqual({ code: 2, signal: null })
  expect(program.stderr).toContain('{ "targets": { "api": { "run": ["node", "server.js"] } } }')
})

test('an unknown target is named with the nearest one, and exits 2', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc': `{ "targets": { "orders": { ${api} } } }`,
  })
  await using program = workspace.run(['watch', 'order'])
  expect(await program.end()).toEqual({ code: 2, signal: null })
  expect(program.stderr).toContain('did you mean "orders"?')
})

test('an unknown option is answered with the one that was meant, and exits 2', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc': `{ "targets": { "orders": { ${api} } } }`,
  })
  await using program = workspace.run(['watch', '--jsn'])
  expect(await program.end()).toEqual({ code: 2, signal: null })
  expect(program.stderr).toContain('there is no option --jsn; did you mean --json?')
})

test.for<[readonly string[], string]>([
  [['lokc'], 'there is no command "lokc"; did you mean "lock"?'],
  [['lock', 'brake'], 'there is no command "brake"; did you mean "break"?'],
  [['frobnicate'], 'there is no command "frobnicate"; "singletrack --help" lists what there is'],
  [['lock'], 'say what to do: lock status, lock break or lock repair'],
  [['lock', 'repair'], 'something is missing; write: singletrack lock repair <lock>'],
  [['why'], 'something is missing; write: singletrack why <target>'],
  [['lock', 'repair', 'biuld'], 'there is no resource "biuld"; did you mean "build"?'],
  [['lock', 'break', 'biuld'], 'there is no resource "biuld"; did you mean "build"?'],
])(
  '%j is answered with what was probably meant, exits 2, and leaves nothing behind',
  async ([args, message]) => {
    await using workspace = Workspace.of({ 'a.txt': '' })
    await using program = workspace.run(['-C', '.', ...args])
    expect(await program.end()).toEqual({ code: 2, signal: null })
    expect(program.stderr).toBe(`singletrack: ${message}\n`)
    expect(readdirSync(workspace.root)).toEqual(['a.txt'])
  },
)

test('with --json a failure is a document on stdout', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': '{ "targets": ' })
  await using program = workspace.run(['watch', '--json'])
  await program.end()
  expect(JSON.parse(program.stdout)).toMatchObject({
    v: 1,
    type: 'error',
    code: 'CONFIGURATION_INVALID',
    exitCode: 2,
  })
})
