import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { STUBBORN, stubbornWorkspace } from './support/stubborn.ts'
import type { Workspace } from './support/workspace.ts'

const functionsOf = (workspace: Workspace): readonly string[] =>
  workspace.processes().filter((line) => line.includes(STUBBORN))

/** A process of somebody else, far from the workspace. */
async function bystander(): Promise<ChildProcess & AsyncDisposable> {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  await once(child, 'spawn')
  return Object.assign(child, {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  })
}

const startTimeOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? ''

/** Hostile contents for a file of JSON: torn, huge, deep, of other types, of other meanings. */
const hostileText = (good: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.json(),
    fc.nat({ max: good.length }).map((end) => good.slice(0, end)),
    fc
      .tuple(fc.nat({ max: good.length }), fc.string({ maxLength: 5 }))
      .map(([at, text]) => `${good.slice(0, at)}${text}${good.slice(at)}`),
    fc.constantFrom('', '\0', '[]', 'null', '{"targets":[]}', '['.repeat(20_000)),
  )

test('no configuration whatever, written while it runs, touches the process of a target', async () => {
  await using workspace = stubbornWorkspace(['plain'])
  await using session = await workspace.session()
  const good = workspace.read('singletrack.jsonc')
  const before = functionsOf(workspace)
  expect(before).toHaveLength(1)
  let broken = 0
  await fc.assert(
    fc.asyncProperty(hostileText(good), async (text) => {
      // One that parses may well say that the target should go; that is not what is tested.
      fc.pre(!text.includes('"plain"') || !isJson(text))
      fc.pre(!isJson(text) || !/^\s*\{\s*("targets"\s*:\s*\{\s*\}\s*)?\}\s*$/.test(text))
      const from = session.events().length
      workspace.write('singletrack.jsonc', text)
      const event = await session.event(
        ({ type }) => type === 'configuration-invalid' || type === 'configuration-changed',
        from,
      )
      broken += 1
      expect(event.type).toBe('configuration-invalid')
      expect(functionsOf(workspace)).toEqual(before)
    }),
    // One seed: a text that means the same as the good one would be waited for in vain.
    { seed: 20_260_101, numRuns: 20, interruptAfterTimeLimit: 20_000 },
  )
  expect(broken).toBeGreaterThan(0)
  const from = session.events().length
  workspace.write('singletrack.jsonc', good)
  await session.event(({ type }) => type === 'configuration-changed', from)
  expect(functionsOf(workspace)).toEqual(before)
  expect((await session.endBy('SIGINT')).code).toBe(130)
})

test('a journal that names processes of others must not get them signaled', async () => {
  await using victim = await bystander()
  const pid = victim.pid ?? 0
  const entry = { pid, nonce: 'f'.repeat(32), role: 'run', target: 'plain', stop: null }
  await using workspace = stubbornWorkspace(['plain'])
  workspace.write(
    '.singletrack/journal',
    [
      // A number with another start time, process 1, everybody, this very test, and no process.
      { op: 'add', id: 1, entry: { ...entry, startTime: '1' } },
      { op: 'add', id: 2, entry: { ...entry, pid: 1, startTime: startTimeOf(1) } },
      { op: 'add', id: 3, entry: { ...entry, pid: -1, startTime: '1' } },
      { op: 'add', id: 4, entry: { ...entry, pid: process.pid, startTime: '1' } },
      { op: 'add', id: 5, entry: { ...entry, pid: 4_194_303, startTime: '1' } },
      { op: 'began', watchdog: { pid: 1, startTime: 'never' } },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')
      .concat('{"op":"add","id":9,"ent\n\0\0\0\n[]\nnull\n'),
  )
  await using session = await workspace.session()
  expect(functionsOf(workspace)).toHaveLength(1)
  expect((await session.endBy('SIGINT')).code).toBe(130)
  expect(victim.signalCode).toBeNull()
  expect(victim.exitCode).toBeNull()
})

test.for([
  ['bytes', '\0\u0001\u0002'],
  ['nothing', ''],
  ['a number', '12345'],
  ['an array', '[[[[]]]]'],
  ['a megabyte', 'x'.repeat(1024 * 1024)],
] as const)('a journal of %s must not keep a session from starting', async ([, text]) => {
  await using workspace = stubbornWorkspace(['plain'])
  workspace.write('.singletrack/journal', text)
  await using session = await workspace.session()
  expect((await session.endBy('SIGINT')).code).toBe(130)
  expect(workspace.processes()).toEqual([])
})

/** The lock of a session that lived here once: its state is the name of one file. */
async function heldBaton(
  workspace: Workspace,
): Promise<{ readonly name: string; readonly text: string }> {
  await using session = await workspace.session()
  const [name = ''] = readdirSync(join(workspace.root, '.singletrack/locks/watch')).filter(
    (entry) => entry.startsWith('h.'),
  )
  const text = workspace.read(`.singletrack/locks/watch/${name}`)
  await session.endBy('SIGINT')
  return { name, text }
}

test.for([
  ['is dead', '1'],
  ['lives, and is none of ours', null],
] as const)(
  'a lock whose forged holder %s must not get a process of others signaled',
  async ([, start]) => {
    await using victim = await bystander()
    const pid = victim.pid ?? 0
    await using workspace = stubbornWorkspace(['plain'])
    const { name, text } = await heldBaton(workspace)
    const [kind, , where, , , nonce] = name.split('.')
    const forged = [kind, '1'.repeat(13), where, pid, start ?? startTimeOf(pid), nonce].join('.')
    const record = JSON.parse(text) as Record<string, unknown>
    const hostile = JSON.stringify({ ...record, pid, group: { pid, startTime: '1' }, kill: pid })
    for (const lock of ['watch', 'build']) {
      rmSync(join(workspace.root, '.singletrack/locks', lock), { recursive: true, force: true })
      workspace.write(`.singletrack/locks/${lock}/${forged}`, hostile)
    }
    await using program = workspace.run(['watch', '--json'])
    if (start === null) {
      // Whoever lives under the name of the holder has the lock: we are told, and that is all.
      expect(await program.end()).toEqual({ code: 3, signal: null })
      expect(program.stderr).toContain(`pid ${pid}`)
    } else {
      await program.event(({ type }) => type === 'settled')
      expect((await program.endBy('SIGINT')).code).toBe(130)
    }
    expect(victim.signalCode).toBeNull()
    expect(victim.exitCode).toBeNull()
  },
)

test.for([
  ['junk among its files', '.singletrack/locks/watch/junk', '\0\u0001\u0002'],
  ['a file in its place', '.singletrack/locks/watch', '[]'],
  ['a file in place of all locks', '.singletrack/locks', '{"pid":-1}'],
] as const)('a lock with %s is no internal error', async ([, path, text]) => {
  await using workspace = stubbornWorkspace(['plain'])
  workspace.write(path, text)
  await using program = workspace.run(['watch', '--json'])
  const first = await eventually('it starts, or says why not', () => {
    if (program.process.exitCode !== null) return 'ended' as const
    return program.events().some(({ type }) => type === 'settled')
      ? ('settled' as const)
      : undefined
  })
  if (first === 'settled') expect((await program.endBy('SIGINT')).code).toBe(130)
  else expect(program.stderr).toContain('.singletrack/locks')
  expect(program.stdout + program.stderr).not.toContain('internal error')
  expect(workspace.processes()).toEqual([])
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
