import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

const FILES = 1_000
const FILES_OF_A_BRANCH = 2_000

const TARGETS = ['orders', 'billing', 'emails'] as const

/** Longer than a loaded machine takes to write a burst, so that a burst is one whatever its speed. */
const PATIENT = { debounce: '2s', maxWait: '1m' }

/** Three targets whose builds read every file of their source and write one into `dist`. */
function workspaceOfMany(settings: Readonly<Record<string, unknown>> = {}): Workspace {
  return Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      ...settings,
      targets: Object.fromEntries(
        TARGETS.map((name) => [
          name,
          {
            watch: [`src/${name}/**`, 'shared/**'],
            build: { command: ['node', 'build.mjs', name], outputs: [`src/${name}/out.txt`] },
          },
        ]),
      ),
    }),
    'build.mjs': `
      import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
      const [, , name] = process.argv
      const texts = readdirSync('src/' + name)
        .filter((file) => file.startsWith('f'))
        .map((file) => readFileSync('src/' + name + '/' + file, 'utf8'))
      writeFileSync('src/' + name + '/out.txt', [...new Set(texts)].join(','))
      appendFileSync('builds.log', name + ' ' + [...new Set(texts)].join(',') + '\\n')
    `,
    ...Object.fromEntries(TARGETS.map((name) => [`src/${name}/f0.txt`, 'old'])),
  })
}

function writeMany(workspace: Workspace, folder: string, text: string, files: number): void {
  mkdirSync(join(workspace.root, folder), { recursive: true })
  for (let index = 0; index < files; index += 1)
    writeFileSync(join(workspace.root, folder, `f${index}.txt`), text)
}

const started = (session: Program, from: number): readonly string[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'build-started' ? [event.target] : []))

/** What happens in one go for a session, however long a loaded machine takes over it. */
async function inOneGo(session: Program, happen: () => void): Promise<void> {
  session.signal('SIGSTOP')
  await eventually('the session stands still', () =>
    / T /.test(readFileSync(`/proc/${session.pid}/stat`, 'utf8')) ? true : undefined,
  )
  happen()
  session.signal('SIGCONT')
}

/** Waits until each of these targets has been built again. */
async function built(session: Program, from: number, targets: readonly string[]): Promise<void> {
  for (const name of targets)
    await session.event((event) => event.type === 'build-succeeded' && event.target === name, from)
}

/** Waits until all that happened so far has been answered, as `wait --settled` does. */
async function settle(workspace: Workspace): Promise<void> {
  await using program = workspace.run(['wait', '--settled'])
  expect(await program.end()).toEqual({ code: 0, signal: null })
}

const git = (workspace: Workspace, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
    cwd: workspace.root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  })

test(`a burst of ${FILES} files is one build of the target, and nothing of the others`, async () => {
  await using workspace = workspaceOfMany(PATIENT)
  await using session = await workspace.session()
  const from = session.events().length
  writeMany(workspace, 'src/orders', 'new', FILES)
  await settle(workspace)
  expect(started(session, from)).toEqual(['orders'])
  expect(workspace.read('src/orders/out.txt')).toBe('new')
})

test(`a burst of ${FILES} shared files is one round of builds`, async () => {
  await using workspace = workspaceOfMany(PATIENT)
  await using session = await workspace.session()
  const from = session.events().length
  writeMany(workspace, 'shared', 'new', FILES)
  await settle(workspace)
  expect(started(session, from).toSorted()).toEqual(TARGETS.toSorted())
})

test(`a burst of ${FILES} files is one build of its target with the default debounce`, async () => {
  await using workspace = workspaceOfMany()
  await using session = await workspace.session()
  const from = session.events().length
  await inOneGo(session, () => writeMany(workspace, 'src/orders', 'new', FILES))
  // Not by asking it to settle, which would have it look before the quiet it waits for.
  await built(session, from, ['orders'])
  await settle(workspace)
  expect(started(session, from)).toEqual(['orders'])
  expect(workspace.read('src/orders/out.txt')).toBe('new')
})

test(`a burst of ${FILES} shared files is one build of each target with the default debounce`, async () => {
  await using workspace = workspaceOfMany()
  await using session = await workspace.session()
  const from = session.events().length
  await inOneGo(session, () => writeMany(workspace, 'shared', 'new', FILES))
  await built(session, from, TARGETS)
  await settle(workspace)
  expect(started(session, from).toSorted()).toEqual(TARGETS.toSorted())
})

test(`a folder of ${FILES} files that is moved in is one build of each target`, async () => {
  await using workspace = workspaceOfMany()
  writeMany(workspace, 'elsewhere', 'new', FILES)
  mkdirSync(join(workspace.root, 'shared'))
  await using session = await workspace.session()
  const from = session.events().length
  renameSync(join(workspace.root, 'elsewhere'), join(workspace.root, 'shared/new'))
  await built(session, from, TARGETS)
  await settle(workspace)
  expect(started(session, from).toSorted()).toEqual(TARGETS.toSorted())
})

test('touching files without changing them must not build', async () => {
  await using workspace = workspaceOfMany()
  await using session = await workspace.session()
  const from = session.events().length
  const now = new Date()
  for (let round = 0; round < 5; round += 1)
    utimesSync(join(workspace.root, 'src/orders/f0.txt'), now, now)
  workspace.write('src/orders/f0.txt', 'old')
  writeFileSync(join(workspace.root, 'src/orders/f0.txt'), 'old')
  await settle(workspace)
  expect(started(session, from)).toEqual([])
})

test('an installed package and what an editor leaves beside a file must not build', async () => {
  await using workspace = workspaceOfMany()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('src/orders/node_modules/dependency/index.js', 'new')
  for (const name of ['.f0.txt.swp', 'f0.txt~', '4913', '.#f0.txt'])
    workspace.write(`src/orders/${name}`, 'new')
  await settle(workspace)
  expect(started(session, from)).toEqual([])
})

test('unless the configuration takes it back', async () => {
  await using workspace = workspaceOfMany({ ignore: ['!node_modules/'] })
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('src/orders/node_modules/dependency/index.js', 'new')
  await built(session, from, ['orders'])
})

test("a build's own outputs must not build it again", async () => {
  await using workspace = workspaceOfMany()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('src/orders/out.txt', 'by hand')
  workspace.write('src/orders/f0.txt', 'new')
  await settle(workspace)
  await settle(workspace)
  expect(started(session, from)).toEqual(['orders'])
})

test(`git checkout of a branch that changes ${FILES_OF_A_BRANCH} files is one round of builds`, async () => {
  await using workspace = workspaceOfMany()
  workspace.write('.gitignore', 'out.txt\nbuilds.log\n')
  git(workspace, 'init', '-q', '-b', 'main')
  const each = Math.ceil(FILES_OF_A_BRANCH / TARGETS.length)
  for (const name of TARGETS) writeMany(workspace, `src/${name}`, 'main', each)
  git(workspace, 'add', '.')
  git(workspace, 'commit', '-q', '-m', 'main')
  git(workspace, 'checkout', '-q', '-b', 'other')
  for (const name of TARGETS) writeMany(workspace, `src/${name}`, 'other', each)
  git(workspace, 'commit', '-q', '-a', '-m', 'other')
  await using session = await workspace.session()
  const from = session.events().length
  git(workspace, 'checkout', '-q', 'main')
  await settle(workspace)
  expect(started(session, from).toSorted()).toEqual(TARGETS.toSorted())
  for (const name of TARGETS) expect(workspace.read(`src/${name}/out.txt`)).toBe('main')
  // No build has seen half of a branch.
  expect(
    readFileSync(join(workspace.root, 'builds.log'), 'utf8').match(/main,other|other,main/),
  ).toBeNull()
})

test('an edit during a build is exactly one more build, with the edit in it', async () => {
  await using workspace = workspaceOfMany()
  workspace.edit(
    'build.mjs',
    'appendFileSync(',
    "writeFileSync('begun.txt', texts[0]); while (existsSync('hold')) await new Promise((r) => setTimeout(r, 10)); appendFileSync(",
  )
  workspace.edit('build.mjs', 'appendFileSync, ', 'appendFileSync, existsSync, ')
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('hold', '')
  workspace.write('src/orders/f0.txt', 'one')
  await eventually('the build works', () =>
    workspace.read('begun.txt') === 'one' ? true : undefined,
  )
  workspace.write('src/orders/f0.txt', 'two')
  workspace.write('src/orders/f0.txt', 'three')
  // The session has heard of both when it has answered.
  await using waiting = workspace.run(['wait', '--timeout', '1ms'])
  expect((await waiting.end()).code).toBe(4)
  rmSync(join(workspace.root, 'hold'))
  await settle(workspace)
  expect(started(session, from)).toEqual(['orders', 'orders'])
  expect(workspace.read('src/orders/out.txt')).toBe('three')
})
