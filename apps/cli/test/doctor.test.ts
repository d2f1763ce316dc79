import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

test('doctor says what is well, and who holds which lock', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  await using program = workspace.run(['doctor'])
  expect(await program.end()).toEqual({ code: 0, signal: null })
  expect(program.stdout).toMatch(/^● versions +singletrack \d/m)
  expect(program.stdout).toContain(
    `watch is held by singletrack watch (watching, pid ${session.pid}`,
  )
  expect(program.stdout).toContain('a session runs and looks after its processes')
})

test('doctor names a broken lock with its remedy and exits 1', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': '{ "targets": {} }' })
  workspace.write('.singletrack/locks/build/junk', '')
  await using program = workspace.run(['doctor', '--json'])
  expect(await program.end()).toEqual({ code: 1, signal: null })
  const document = JSON.parse(program.stdout) as {
    readonly findings: readonly {
      readonly check: string
      readonly level: string
      readonly remedy: string | null
    }[]
  }
  expect(
    document.findings.find(({ check, level }) => check === 'locks' && level === 'problem'),
  ).toMatchObject({ remedy: 'singletrack lock repair build' })
})
