import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { freePorts } from './support/free-ports.ts'
import { MAIN, type Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** Writes what happens to it into `story.log`, which nobody watches; obeys the file `mode`. */
const PROGRAM = `
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
const say = (text) => appendFileSync('story.log', text + '\\n')
const mode = existsSync('mode') ? readFileSync('mode', 'utf8') : 'serve'
process.on('SIGTERM', () => {
  say('SIGTERM')
  if (mode !== 'stubborn') process.exit(0)
})
process.on('SIGINT', () => {
  say('SIGINT')
  if (mode !== 'deaf') process.exit(130)
})
process.on('SIGHUP', () => say('SIGHUP'))
process.on('SIGUSR1', () => { say('SIGUSR1'); process.exit(0) })
if (mode === 'parent') spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)', process.cwd()], { stdio: 'ignore' })
say('up ' + (process.env.SINGLETRACK_CHANGED_PATHS ?? '-').replaceAll('\\n', ','))
if (mode === 'crash') { say('crash'); process.exit(3) }
if (mode === 'echo') {
  for await (const text of process.stdin.setEncoding('utf8')) process.stdout.write('echo ' + text)
} else if (mode === 'build') {
  const timer = setInterval(() => {
    if (!existsSync('go')) return
    clearInterval(timer)
    say('done')
    process.exit(0)
  }, 10)
} else setInterval(() => {}, 1000)
`

const COMMAND = ['--', 'node', 'program.mjs']

function workspace(mode = 'serve'): Workspace {
  const made = Workspace.of({ 'program.mjs': PROGRAM, mode, 'story.log': '' })
  mkdirSync(join(made.root, 'src'))
  made.write('src/a.js', '1')
  return made
}

const story = (at: Workspace): readonly string[] => at.read('story.log').split('\n').slice(0, -1)

/** Waits until the program has written these lines in all. */
async function tells(at: Workspace, ...lines: readonly string[]): Promise<void> {
  await eventually(
    () => `the story ${lines.join('; ')}, not ${story(at).join('; ')}`,
    () => (story(at).length >= lines.length ? true : undefined),
  )
  expect(story(at)).toEqual(lines)
}

function edit(at: Workspace, path: string): void {
  at.write(path, `${Math.random()}`)
}

/** The events of `--json`; this mode has its own. */
const types = (program: Program): readonly string[] =>
  program.events().map(({ type }) => type as string)

async function emits(program: Program, type: string, times = 1): Promise<void> {
  await eventually(
    () => `${times} × ${type}\n${program.tail()}`,
    () => (types(program).filter((each) => each === type).length >= times ? true : undefined),
  )
}

test('the command runs at once, and again when a file has changed', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js')
  expect(await watch.endBy('SIGTERM')).toEqual({ code: 143, signal: null })
  expect(here.processes()).toEqual([])
})

test('only files with the extensions, in the folders and past the ignore rules count', async () => {
  await using here = workspace()
  here.write('.gitignore', 'built.js\n')
  const options = ['-w', 'src', '-e', 'js,json', '-i', '*.test.js']
  await using watch = here.run(['watch', ...options, ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'elsewhere.js')
  edit(here, 'src/a.ts')
  edit(here, 'src/a.test.js')
  edit(here, 'src/built.js')
  mkdirSync(join(here.root, 'src/folder'))
  edit(here, 'src/b.json')
  await tells(here, 'up -', 'SIGTERM', 'up src/b.json')
  await watch.endBy('SIGTERM')
})

test('a burst of changes is one restart', async () => {
  await using here = workspace()
  // Long enough to see all of it on a machine that does much else.
  await using watch = here.run(['watch', '-w', 'src', '--debounce', '4s', ...COMMAND])
  await tells(here, 'up -')
  mkdirSync(join(here.root, 'staging'))
  for (let index = 0; index < 1_000; index += 1) edit(here, `staging/${index}.js`)
  renameSync(join(here.root, 'staging'), join(here.root, 'src/many'))
  await eventually('the restart', () => (story(here).length === 3 ? true : undefined))
  rmSync(join(here.root, 'src/a.js'))
  await eventually('the next change', () =>
    story(here).at(-1) === 'up src/a.js' ? true : undefined,
  )
  expect(story(here)).toHaveLength(5)
  expect(story(here)[2]?.split(',')).toHaveLength(1_000)
  await watch.endBy('SIGTERM')
})

test('a file written with equal content must not restart it a second time', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await tells(here, 'up -')
  here.write('src/a.js', 'new')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js')
  here.write('src/a.js', 'new')
  edit(here, 'src/b.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js', 'SIGTERM', 'up src/b.js')
  await watch.endBy('SIGTERM')
})

test('--on-busy queue lets it finish, and runs it once more for all that changed meanwhile', async () => {
  await using here = workspace('build')
  await using watch = here.run(['watch', '--json', '-w', 'src', '--on-busy', 'queue', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await emits(watch, 'queued')
  edit(here, 'src/b.js')
  edit(here, 'go')
  // The second change may reach us before or after the end of the first run; it is never lost.
  await eventually(
    () => `a run has seen b: ${story(here).join('; ')}`,
    () => (story(here).some((line) => line.includes('src/b.js')) ? true : undefined),
  )
  expect(story(here)).not.toContain('SIGTERM')
  await watch.endBy('SIGTERM')
})

test('--on-busy ignore runs it again only for a change after its end', async () => {
  await using here = workspace('build')
  await using watch = here.run(['watch', '--json', '-w', 'src', '-o', 'ignore', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await emits(watch, 'ignored')
  edit(here, 'go')
  await emits(watch, 'exited')
  edit(here, 'src/b.js')
  await tells(here, 'up -', 'done', 'up src/b.js', 'done')
  await watch.endBy('SIGTERM')
})

test('--on-busy signal sends the signal instead of restarting', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', '--on-busy', 'signal', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGHUP')
  await watch.endBy('SIGTERM')
})

test('--signal says which signal --on-busy signal sends', async () => {
  await using here = workspace()
  const options = ['-w', 'src', '-o', 'signal', '-s', 'usr1']
  await using watch = here.run(['watch', ...options, ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGUSR1')
  // It has ended by that; the next change starts it again.
  edit(here, 'src/b.js')
  await tells(here, 'up -', 'SIGUSR1', 'up src/b.js')
  await watch.endBy('SIGTERM')
})

test('several files and folders are watched, also those that are not there yet, and nothing else', async () => {
  await using here = workspace()
  here.write('one.json', '1')
  const options = ['-w', 'one.json', '-w', 'src', '-w', 'later']
  await using watch = here.run(['watch', ...options, ...COMMAND])
  await watch.says('later does not exist; it counts from when it does')
  await tells(here, 'up -')
  edit(here, 'two.json')
  edit(here, 'one.json')
  await tells(here, 'up -', 'SIGTERM', 'up one.json')
  edit(here, 'later/deep/c.js')
  await tells(here, 'up -', 'SIGTERM', 'up one.json', 'SIGTERM', 'up later/deep/c.js')
  await watch.endBy('SIGTERM')
})

test('--no-gitignore watches what git ignores', async () => {
  await using here = workspace()
  here.write('.gitignore', 'src/built.js\n')
  await using watch = here.run(['watch', '-w', 'src', '--no-gitignore', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/built.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/built.js')
  await watch.endBy('SIGTERM')
})

test('a command that ends well is run again by a change, and by nothing else', async () => {
  await using here = workspace('build')
  edit(here, 'go')
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await tells(here, 'up -', 'done')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'done', 'up src/a.js', 'done')
  await watch.endBy('SIGTERM')
})

test('a touch must not restart it', async () => {
  await using here = workspace()
  for (let at = 0; at < 50; at += 1) here.write(`src/many/${at}.js`, 'same')
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await tells(here, 'up -')
  // What files contain is taken down after it has begun; each of them is touched but once.
  let touched = 0
  await eventually('a file is known before it is touched', async () => {
    const before = story(here).length
    touched += 1
    here.write(`src/many/${touched}.js`, 'same')
    edit(here, `src/new${touched}.js`)
    await eventually('the change is seen', () =>
      story(here).length > before && story(here).at(-1)?.startsWith('up') ? true : undefined,
    )
    return story(here).at(-1) === `up src/new${touched}.js` ? true : undefined
  })
  await watch.endBy('SIGTERM')
})

test('--postpone waits for a change before the first run', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', '--postpone', ...COMMAND])
  await watch.says('watching src')
  edit(here, 'src/a.js')
  await tells(here, 'up src/a.js')
  await watch.endBy('SIGTERM')
})

test('--poll needs no events of the system', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', '--poll', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js')
  await watch.endBy('SIGTERM')
})

test('the command gets its arguments as they are, and the variables of --env', async () => {
  await using here = workspace()
  const script = 'console.log(process.env.COLOR, process.argv.slice(1).join("|")); process.exit(0)'
  await using watch = here.run([
    'watch',
    '-E',
    'COLOR=a=b',
    '--',
    'node',
    '-e',
    script,
    '0x10',
    '1.0',
    '-w',
    '--json',
    '--',
    '',
  ])
  await watch.says('a=b 0x10|1.0|-w|--json|--|\n')
  await watch.endBy('SIGTERM')
})

test('after a crash it says so once, waits, and comes back with a change', async () => {
  await using here = workspace('crash')
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await watch.says(/node program\.mjs failed after .*: exit code 3; waiting for a change/)
  here.write('mode', 'serve')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'crash', 'up src/a.js')
  expect(watch.stderr.match(/failed/g)).toHaveLength(1)
  await watch.endBy('SIGTERM')
})

test('--exit-on-error ends with the exit code of the command', async () => {
  await using here = workspace('crash')
  await using watch = here.run(['watch', '-w', 'src', '--exit-on-error', ...COMMAND])
  expect(await watch.end()).toEqual({ code: 3, signal: null })
})

test('--exit-on-error gives 128 + n for a command that a signal has ended', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '--exit-on-error', '--', 'sh', '-c', 'kill -USR2 $$'])
  expect(await watch.end()).toEqual({ code: 128 + 12, signal: null })
})

test.for([
  ['there is no such program', 'no-such-program', 127, 'no program named no-such-program on PATH'],
  ['there is no such file', './no-such-file', 127, './no-such-file'],
  ['it is not executable', './program.mjs', 126, 'chmod +x'],
] as const)('%s: it says so and exits', async ([, program, code, message]) => {
  await using here = workspace()
  await using watch = here.run(['watch', '--', program])
  expect(await watch.end()).toEqual({ code, signal: null })
  expect(watch.stderr).toContain(message)
})

test('a program that vanishes for a while is started with the change that brings it back', async () => {
  await using here = workspace()
  const path = join(here.root, 'src/tool')
  const write = (text: string): void => {
    here.write('src/tool', `#!/bin/sh\necho ${text} >> ../story.log; exec sleep 1000\n`)
    chmodSync(path, 0o755)
  }
  write('first')
  await using watch = here.run(['-C', 'src', 'watch', '--', './tool'])
  await tells(here, 'first')
  rmSync(path)
  await watch.says(/tool.*does not exist.*waiting for a change/)
  write('second')
  await tells(here, 'first', 'second')
  await watch.endBy('SIGTERM')
})

test('a command that ignores SIGTERM is killed after --stop-timeout, and replaced', async () => {
  await using here = workspace('stubborn')
  await using watch = here.run(['watch', '-w', 'src', '--stop-timeout', '300ms', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js')
  await watch.says('had to be killed')
  expect(here.processes().filter((line) => /^\d+ node program\.mjs$/.test(line))).toHaveLength(1)
  await watch.endBy('SIGTERM')
  expect(here.processes()).toEqual([])
})

test('--stop-signal asks it in its own way', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', '--stop-signal', 'usr1', ...COMMAND])
  await tells(here, 'up -')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGUSR1', 'up src/a.js')
  await watch.endBy('SIGTERM')
})

test('what the command has started is gone before the next run, and at the end', async () => {
  await using here = workspace('parent')
  await using watch = here.run(['watch', '-w', 'src', '--stop-timeout', '500ms', ...COMMAND])
  await tells(here, 'up -')
  const grandchildren = (): readonly string[] =>
    here.processes().filter((line) => line.includes('setInterval'))
  await eventually('the grandchild', () => (grandchildren().length === 1 ? true : undefined))
  const [first] = grandchildren()
  here.write('mode', 'serve')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js')
  expect(grandchildren()).not.toContain(first)
  await watch.endBy('SIGTERM')
  expect(here.processes()).toEqual([])
})

test('kill -9 must not leave an orphan', async () => {
  await using here = workspace('parent')
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await tells(here, 'up -')
  process.kill(watch.pid, 'SIGKILL')
  await here.empty()
})

test('a second signal kills at once', async () => {
  await using here = workspace('stubborn')
  await using watch = here.run(['watch', '-w', 'src', '--stop-timeout', '10m', ...COMMAND])
  await tells(here, 'up -')
  watch.signal('SIGTERM')
  await tells(here, 'up -', 'SIGTERM')
  watch.signal('SIGINT')
  expect(await watch.end()).toEqual({ code: 143, signal: null })
  expect(here.processes()).toEqual([])
})

test('standard input and output are those of the command, without a prefix', async () => {
  await using here = workspace('echo')
  const child = spawn(process.execPath, [MAIN, 'watch', '-w', 'src', ...COMMAND], {
    cwd: here.root,
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stdin.write('one\n')
  await eventually('the echo', () => (stdout === 'echo one\n' ? true : undefined))
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([143, null])
})

test('--quiet says nothing of its own', async () => {
  await using here = workspace('crash')
  await using watch = here.run(['watch', '-w', 'src', '-q', '--exit-on-error', ...COMMAND])
  await watch.end()
  expect([watch.stdout, watch.stderr]).toEqual(['', ''])
})

test('--json tells everything as events, and takes in what the command writes', async () => {
  await using here = workspace()
  const script = 'console.log("to out"); console.error("to err")'
  await using watch = here.run(['watch', '--json', '--', 'node', '-e', script])
  await emits(watch, 'exited')
  await watch.endBy('SIGTERM')
  expect(watch.stderr).toBe('')
  expect(types(watch).filter((type) => type !== 'output')).toEqual([
    'watching',
    'starting',
    'started',
    'exited',
    'ended',
  ])
  expect(watch.events().filter(({ type }) => type === 'output')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ v: 1, stream: 'stdout', line: 'to out' }),
      expect.objectContaining({ v: 1, stream: 'stderr', line: 'to err' }),
    ]),
  )
})

test('--uses waits for the lock of others, and holds it during each run only', async () => {
  await using here = workspace('build')
  const args = ['watch', '--json', '-w', 'src', '--uses', 'dist', '-o', 'queue', ...COMMAND]
  await using first = here.run(args)
  await tells(here, 'up -')
  await using second = here.run(args)
  await emits(second, 'waiting')
  expect(story(here)).toEqual(['up -'])
  edit(here, 'go')
  await tells(here, 'up -', 'done', 'up -', 'done')
  await Promise.all([first.endBy('SIGTERM'), second.endBy('SIGTERM')])
})

test('without --uses nothing is written into the folder', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src', ...COMMAND])
  await tells(here, 'up -')
  await watch.endBy('SIGTERM')
  expect(existsSync(join(here.root, '.singletrack'))).toBe(false)
})

test('a watch inside a build is refused, for the build would never end', async () => {
  await using here = workspace()
  await using outer = here.run([
    'watch',
    '--uses',
    'dist',
    '--exit-on-error',
    '--',
    process.execPath,
    MAIN,
    'watch',
    ...COMMAND,
  ])
  expect(await outer.end()).toEqual({ code: 2, signal: null })
  expect(outer.stderr).toContain('inside a build that holds dist')
})

test('an option without a command is told with its remedy, and exits 2', async () => {
  await using here = workspace()
  await using watch = here.run(['watch', '-w', 'src'])
  expect(await watch.end()).toEqual({ code: 2, signal: null })
  expect(watch.stderr).toContain('--watch needs a command to run')
})

test.for<[string, readonly string[], string]>([
  ['targets and a command', ['api', ...COMMAND], 'not both'],
  ['a duration without a unit', ['--debounce', '50', ...COMMAND], '--debounce 50 is no duration'],
  ['an unknown signal', ['--stop-signal', 'SIGNOPE', ...COMMAND], 'SIGNOPE is no signal'],
  ['a variable without a value', ['-E', 'NAME', ...COMMAND], 'NAME=VALUE'],
  ['an extension that is a pattern', ['-e', 'src/*', ...COMMAND], 'is no extension'],
  ['a resource that cannot be', ['--uses', 'A B', ...COMMAND], 'is no name of a resource'],
  ['an unknown option', ['--debunce', '1s', ...COMMAND], 'debunce'],
])('%s is told with its remedy, exits 125, and starts nothing', async ([, args, message]) => {
  await using here = workspace()
  await using watch = here.run(['watch', ...args])
  expect(await watch.end()).toEqual({ code: 125, signal: null })
  expect(watch.stderr).toContain(message)
  expect(story(here)).toEqual([])
})

/** A terminal of its own around the command, by `script` of util-linux; types what is written. */
async function onTerminal(
  here: Workspace,
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly screen: () => string }> {
  const words = [process.execPath, MAIN, 'watch', ...args].join(' ')
  const child = spawn('script', ['-qefc', words, '/dev/null'], { cwd: here.root })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  await eventually(
    () => `the first run, not ${screen}`,
    () => (story(here).length > 0 ? true : undefined),
  )
  return { child, screen: () => screen }
}

const hasScript = existsSync('/usr/bin/script')
if (!hasScript) console.warn('skipped: terminals, because script (util-linux) is missing')

test.skipIf(!hasScript)(
  'on a terminal the command reads from it, and Ctrl-C ends both',
  async () => {
    await using here = workspace('echo')
    const { child, screen } = await onTerminal(here, ['-w', 'src', ...COMMAND])
    child.stdin?.write('typed\n')
    await eventually('the echo', () => (screen().includes('echo typed') ? true : undefined))
    child.stdin?.write('\u0003')
    expect(await once(child, 'close')).toEqual([130, null])
    expect(here.processes()).toEqual([])
  },
)

test.skipIf(!hasScript)('Ctrl-C is left to the command, which hears nothing else', async () => {
  await using here = workspace()
  const { child } = await onTerminal(here, ['-w', 'src', ...COMMAND])
  child.stdin?.write('\u0003')
  expect(await once(child, 'close')).toEqual([130, null])
  expect(story(here)).toEqual(['up -', 'SIGINT'])
})

test.skipIf(!hasScript)(
  'a command that does not mind Ctrl-C is stopped after its grace',
  async () => {
    await using here = workspace('deaf')
    const { child } = await onTerminal(here, ['-w', 'src', '--stop-timeout', '300ms', ...COMMAND])
    child.stdin?.write('\u0003')
    expect(await once(child, 'close')).toEqual([130, null])
    expect(story(here)).toEqual(['up -', 'SIGINT', 'SIGTERM'])
  },
)

test.skipIf(!hasScript)(
  '--clear clears the screen before each run, before its output',
  async () => {
    await using here = workspace('echo')
    const { child, screen } = await onTerminal(here, ['-w', 'src', '--clear', ...COMMAND])
    child.stdin?.write('typed\n')
    await eventually('the echo', () => (screen().includes('echo typed') ? true : undefined))
    expect(screen().indexOf('\u001B[2J')).toBeGreaterThanOrEqual(0)
    expect(screen().indexOf('\u001B[2J')).toBeLessThan(screen().indexOf('echo typed'))
    child.stdin?.write('\u0003')
    await once(child, 'close')
  },
)

test.skipIf(!hasScript)('on a terminal, too, nothing outlives a restart or kill -9', async () => {
  await using here = workspace('parent')
  await onTerminal(here, ['-w', 'src', '--stop-timeout', '500ms', ...COMMAND])
  const pids = (text: string): readonly number[] =>
    here
      .processes()
      .filter((line) => line.includes(text))
      .map((line) => Number.parseInt(line, 10))
  await eventually('the grandchild', () => (pids('setInterval').length === 1 ? true : undefined))
  const [before] = pids('setInterval')
  here.write('mode', 'serve')
  edit(here, 'src/a.js')
  await tells(here, 'up -', 'SIGTERM', 'up src/a.js')
  expect(pids('setInterval')).not.toContain(before)
  const [main] = here
    .processes()
    .filter((line) => line.includes(`${MAIN} watch`) && !line.includes('script -'))
    .map((line) => Number.parseInt(line, 10))
  process.kill(main ?? 0, 'SIGKILL')
  await here.empty()
})

test('the recipe of the README works as it stands', async () => {
  const [port] = await freePorts(1)
  await using here = await Workspace.example('single-command', {})
  const line = /^singletrack (watch .*)$/m.exec(here.read('README.md'))?.[1] ?? ''
  await using watch = here.run(line.split(' '), { PORT: `${port}` })
  const get = async (): Promise<string> =>
    fetch(`http://127.0.0.1:${port}/you`).then(
      async (response) => response.text(),
      () => '',
    )
  await eventually('it serves', async () =>
    (await get()) === 'Hello from /you\n' ? true : undefined,
  )
  here.edit('src/greeting.js', 'Hello', 'Good morning')
  await eventually('the change is served', async () =>
    (await get()) === 'Good morning from /you\n' ? true : undefined,
  )
  await watch.endBy('SIGINT')
  expect(here.processes()).toEqual([])
})
