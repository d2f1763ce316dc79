import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { eventually } from './support/eventually.ts'
import { MAIN, type Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

const configuration = JSON.stringify({
  resources: { dist: 1, cpu: 4 },
  targets: {
    api: {
      watch: ['source.txt'],
      build: { command: ['node', '-e', "console.log('building')"], uses: ['dist'] },
    },
  },
})

const onceKilled =
  'process.on("SIGTERM", () => process.exit(7)); console.log("runs"); setInterval(() => {}, 1e6)'

/** Its command lives on and holds its pipes, so only its own end can be waited for. */
async function killed(program: Program): Promise<void> {
  const gone = once(program.process, 'exit')
  program.signal('SIGKILL')
  await gone
}

test.for([
  ['exit 0', 0],
  ['exit 3', 3],
  ['kill -TERM $$', 143],
  ['kill -KILL $$', 137],
] as const)('exec passes the end of its command through: %s is %d', async ([script, code]) => {
  await using workspace = Workspace.of({})
  expect(await ask(workspace, ['exec', '--', 'sh', '-c', script])).toEqual({
    code,
    stdout: '',
    stderr: '',
  })
})

test('exec works without a configuration, with the output and arguments as they are', async () => {
  await using workspace = Workspace.of({})
  const script = 'process.stdout.write(process.argv.slice(1).join("|")); console.error("said")'
  expect(await ask(workspace, ['exec', '--', 'node', '-e', script, '--', '-v', 'a b'])).toEqual({
    code: 0,
    stdout: '-v|a b',
    stderr: 'said\n',
  })
})

test.for([
  [['exec'], 125, 'say which command to run, behind "--"'],
  [['exec', '--', 'no-such-program'], 127, 'there is no such program on PATH'],
  [['exec', '--', './no-such-program'], 127, 'does not exist'],
  [['exec', '--', './data.txt'], 126, 'may not be executed; try chmod +x ./data.txt'],
  [['exec', '--uses', 'dis', '--', 'true'], 125, 'did you mean "dist"?'],
  [
    ['exec', '--uses', 'cpu', '--', 'true'],
    125,
    'has a capacity of 4, which counts within a session',
  ],
] as const)('%j fails on our side with %d', async ([args, code, words]) => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration, 'data.txt': 'x' })
  const answer = await ask(workspace, args)
  expect(answer.code).toBe(code)
  expect(answer.stderr).toContain(words)
})

test.for<[readonly string[], number]>([
  [['exec', '--uses', 'dis', '--', 'true'], 125],
  [['watch', '--uses', 'dis', '--', 'true'], 125],
  [['lock', 'break', 'dis'], 2],
  [['lock', 'repair', 'dis'], 2],
])('%j says of an unknown name what every other command says', async ([args, exitCode]) => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  expect(await askJson(workspace, args)).toMatchObject({
    code: exitCode,
    document: {
      code: 'UNKNOWN_RESOURCE',
      message: 'there is no resource "dis"; did you mean "dist"?',
    },
  })
})

test('a lock must not be taken beside the one that a broken configuration means', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': '{ "targets": ' })
  const { code, stderr } = await ask(workspace, ['watch', '--uses', 'dist', '--', 'true'])
  expect(code).toBe(125)
  expect(stderr).toContain('singletrack.jsonc:1:')
})

test('exec takes all locks of the workspace, and tells its command so', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  const script =
    'console.log(JSON.parse(process.env.SINGLETRACK_HELD).map((each) => each.lock).join())'
  expect((await ask(workspace, ['exec', '--', 'node', '-e', script])).stdout).toBe('build,dist\n')
  expect(
    (await ask(workspace, ['exec', '--uses', 'dist', '--', 'node', '-e', script])).stdout,
  ).toBe('dist\n')
})

test('a build waits for exec and names it, and exec waits for a build and names it', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using first = workspace.run(['exec', '--', 'node', '-e', onceKilled])
  await first.says('runs')
  await using build = workspace.run(['build'])
  await build.says(/waiting for dist by singletrack exec \(running node -e/)
  await using second = workspace.run(['exec', '--', 'true'])
  await second.says(/waiting for build by singletrack exec /)
  expect(build.stdout).not.toContain('building')
  expect(await first.endBy('SIGTERM')).toEqual({ code: 7, signal: null })
  expect((await build.end()).code).toBe(0)
  expect((await second.end()).code).toBe(0)
})

test('a signal ends the wait of exec without running the command', async () => {
  await using workspace = Workspace.of({})
  await using first = workspace.run(['exec', '--', 'node', '-e', onceKilled])
  await first.says('runs')
  await using second = workspace.run(['exec', '--', 'touch', 'ran'])
  await second.says('waiting for build')
  expect(await second.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  await first.endBy('SIGTERM')
  expect(() => workspace.read('ran')).toThrow('ENOENT')
})

test('the command of an exec that was killed must be gone before the lock is given on', async () => {
  await using workspace = Workspace.of({})
  await using first = workspace.run(['exec', '--', 'node', '-e', onceKilled])
  await first.says('runs')
  await killed(first)
  await using second = workspace.run(['exec', '--', 'touch', 'ran'])
  await second.says(/waiting/)
  expect(() => workspace.read('ran')).toThrow('ENOENT')
  for (const line of workspace.processes())
    if (line.includes('runs')) process.kill(Number(line.split(' ', 1)[0]), 'SIGKILL')
  expect((await second.end()).code).toBe(0)
  expect(workspace.read('ran')).toBe('')
})

test('exec inside exec takes turns under the outer locks instead of waiting for them', async () => {
  await using workspace = Workspace.of({})
  expect(await ask(workspace, ['exec', '--', 'node', MAIN, 'exec', '--', 'echo', 'inner'])).toEqual(
    { code: 0, stdout: 'inner\n', stderr: '' },
  )
})

test('watch inside exec is refused and says why', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  const { code, stderr } = await ask(workspace, ['exec', '--', 'node', MAIN, 'watch'])
  expect(code).toBe(2)
  expect(stderr).toContain('"singletrack watch" inside a build that holds build, dist')
})

test('exec --json keeps stdout for its one document', async () => {
  await using workspace = Workspace.of({})
  const args = ['exec', '--json', '--', 'sh', '-c', 'echo printed; exit 3']
  const { code, stdout, stderr } = await ask(workspace, args)
  expect({ code, stderr }).toEqual({ code: 3, stderr: 'printed\n' })
  expect(JSON.parse(stdout)).toMatchObject({ v: 1, type: 'exec', exitCode: 3, locks: ['build'] })
})

const hasScript = spawnSync('script', ['--version']).status === 0
if (!hasScript) process.stdout.write('skipped: the terminal test needs script(1)\n')

test.runIf(hasScript)('on a terminal the command keeps it: same group, stdin, Ctrl-C', async () => {
  await using workspace = Workspace.of({
    'inner.mjs': `process.on('SIGINT', () => { console.log('left to me'); process.exit(9) })
console.log(\`tty \${process.stdin.isTTY} \${process.stdout.isTTY}\`)
setInterval(() => {}, 1e6)
`,
  })
  // A shell without the trap may die of the Ctrl-C that its child has outlived, as dash does.
  const command = `trap : INT; '${process.execPath}' '${MAIN}' exec -- node inner.mjs; echo code=$?`
  const { CI: _ci, ...env } = process.env
  const terminal = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: workspace.root,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await eventually(
    () => `a terminal in: ${said}`,
    () => (said.includes('tty true true') ? true : undefined),
  )
  terminal.stdin.write('\u0003')
  await eventually(
    () => `the end in: ${said}`,
    () => (said.includes('code=') ? true : undefined),
  )
  terminal.stdin.end()
  expect(said).toContain('left to me')
  expect(said).toContain('code=9')
})

test('lock status names the holder, since when, and who waits', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  expect((await ask(workspace, ['lock', 'status'])).stdout).toBe(
    [
      'LOCK   STATE  DETAIL',
      'watch  free   never used',
      'build  free   never used',
      'dist   free   never used',
      '',
    ].join('\n'),
  )
  await using first = workspace.run(['exec', '--uses', 'dist', '--', 'node', '-e', onceKilled])
  await first.says('runs')
  await using second = workspace.run(['exec', '--uses', 'dist', '--', 'true'])
  await second.says('waiting for dist')
  const { stdout } = await ask(workspace, ['lock', 'status'])
  expect(stdout).toMatch(
    new RegExp(
      `^dist +held +by singletrack exec \\(running node .*, pid ${first.pid}, \\d+ s\\); waiting: singletrack exec \\(pid ${second.pid}\\)$`,
      'm',
    ),
  )
  const { document } = await askJson(workspace, ['lock', 'status'])
  expect(document).toMatchObject({
    v: 1,
    type: 'locks',
    locks: [{ lock: 'watch' }, { lock: 'build' }, { lock: 'dist', kind: 'held' }],
  })
  await first.endBy('SIGTERM')
})

test('lock break frees what the dead have left, and nothing of the living', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using holder = workspace.run(['exec', '--', 'node', '-e', onceKilled])
  await holder.says('runs')
  expect((await ask(workspace, ['lock', 'break'])).stdout).toBe('no lock is held by the dead\n')
  const refused = await ask(workspace, ['lock', 'break', 'dist'])
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('--kill ends its build')
  await killed(holder)
  const { code, stdout } = await ask(workspace, ['lock', 'break'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^broke build, left by the dead singletrack exec .*\nbroke dist, /)
})

test('lock break --kill ends the build of a living holder, by identity', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using holder = workspace.run(['exec', '--uses', 'dist', '--', 'node', '-e', onceKilled])
  await holder.says('runs')
  const { code, stdout } = await ask(workspace, ['lock', 'break', 'dist', '--kill'])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^(?:broke dist, after|dist is free)/),
  })
  expect((await holder.end()).code).toBe(7)
})
