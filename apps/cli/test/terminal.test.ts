import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { STUBBORN, stubbornWorkspace } from './support/stubborn.ts'
import { TmuxTerminal, terminalProblem } from './support/tmux-terminal.ts'
import { Workspace } from './support/workspace.ts'

const problem = terminalProblem()
if (problem !== null) console.log(`skipped: the tests in a terminal: ${problem}`)

const HOSTILE = fileURLToPath(new URL('fixtures/hostile-output.mjs', import.meta.url))

/** A target for each kind of output, which is ready when all of it has been written. */
const hostileWorkspace = (kinds: readonly string[]): Workspace =>
  Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: Object.fromEntries(
        kinds.map((kind) => [
          kind,
          {
            watch: [],
            run: { command: ['node', HOSTILE, kind], ready: { output: '^up$', timeout: '10m' } },
          },
        ]),
      ),
    }),
  })

const twoFunctions = (): Workspace => stubbornWorkspace(['plain', 'double-forks'])

const functionsOf = (workspace: Workspace): readonly string[] =>
  workspace.processes().filter((line) => line.includes(STUBBORN))

/** Nothing of an earlier drawing is left; one that is on its way may be seen half done. */
async function hasOneBlock(terminal: TmuxTerminal): Promise<void> {
  await eventually(
    () => `one block in all that was printed:\n${terminal.history().slice(-4_000)}`,
    () => (terminal.history().match(/\? help/g)?.length === 1 ? true : undefined),
  )
}

/** The block at the bottom: both functions ready, and the keys. */
const READY = /● plain +ready[^]*● double-forks +ready[^]*r restart {3}p pause {3}q quit {3}\? help/

describe.skipIf(problem !== null)('on a terminal', () => {
  test('a status block keeps its place below the logs', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    const screen = await terminal.shows(READY)
    // Once, and nothing of an earlier drawing is left above it.
    expect(screen.match(/● plain/g)).toHaveLength(1)
    await hasOneBlock(terminal)
    expect(terminal.history()).toMatch(/^plain +│ up \d+$/m)
  })

  test('? shows the keys, and takes them away again', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(READY)
    terminal.press('?')
    await terminal.shows('r restart all   p pause or resume builds   q quit   ? less')
    terminal.press('?')
    await terminal.shows(READY)
  })

  test('p pauses builds and says so, and resumes them', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(READY)
    terminal.press('p')
    await terminal.shows('builds are paused: p resumes')
    terminal.press('p')
    await terminal.shows(READY)
  })

  test('r replaces every process', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(READY)
    const before = functionsOf(workspace)
    terminal.press('r')
    await eventually('all processes are others', () =>
      functionsOf(workspace).some((line) => before.includes(line)) ? undefined : true,
    )
    await terminal.shows(READY)
  })

  test('q ends everything, says so, and exits 0', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(READY)
    terminal.press('q')
    await terminal.shows(/2 stopped, 0 by force, 0 left\s+exit code 0/)
    expect(terminal.screen()).not.toContain('? help')
    expect(functionsOf(workspace)).toEqual([])
  })

  test('Ctrl-C ends everything, says so, and exits 130', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(READY)
    terminal.press('C-c')
    await terminal.shows(/2 stopped, 0 by force, 0 left\s+exit code 130/)
    expect(functionsOf(workspace)).toEqual([])
  })

  test('another size of the window does not tear the block', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(READY)
    terminal.resize(60, 20)
    await eventually(
      () => `one block in the smaller window:\n${terminal.screen()}`,
      () => (terminal.screen().match(/● plain/g)?.length === 1 ? true : undefined),
    )
    terminal.press('q')
    await terminal.shows('0 left')
  })

  test('output of every kind scrolls above the block, which stays whole, and keys are heard', async () => {
    const kinds = ['binary', 'long-line', 'cursor', 'chatty']
    await using workspace = hostileWorkspace(kinds)
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    const screen = await terminal.shows(
      new RegExp(`${kinds.map((kind) => `● ${kind} +ready`).join('[^]*')}[^]*\\? help`),
    )
    for (const kind of kinds) expect(screen.split(`● ${kind}`)).toHaveLength(2)
    await hasOneBlock(terminal)
    terminal.press('?')
    await terminal.shows('r restart all')
    terminal.press('q')
    await terminal.shows(/4 stopped, 0 by force, 0 left\s+exit code 0/)
    expect(workspace.processes().filter((line) => line.includes('hostile-output'))).toEqual([])
  })

  test('a terminal that is closed must not leave a process', async () => {
    await using workspace = stubbornWorkspace(['plain', 'ignores-sigterm', 'leaves-its-group'])
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'])
    await terminal.shows(/● leaves-its-group +ready/)
    terminal.close()
    await workspace.empty()
  })

  test.for<[string, Readonly<Record<string, string>>]>([
    ['TERM=dumb', { TERM: 'dumb' }],
    ['CI', { CI: 'true' }],
  ])('with %s there are plain lines and no block', async ([, env]) => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'], env)
    await terminal.shows(/^plain +ready/m)
    await terminal.shows(/^double-forks +ready/m)
    terminal.press('C-c')
    await terminal.shows(/2 stopped, 0 by force, 0 left\s+exit code 130/)
    expect(terminal.history()).not.toContain('? help')
  })

  test('with NO_COLOR there is a block, and no color', async () => {
    await using workspace = twoFunctions()
    await using terminal = TmuxTerminal.start(workspace.root, ['watch'], { NO_COLOR: '1' })
    await terminal.shows(READY)
    // oxlint-disable-next-line no-control-regex -- colors are what must not be there
    expect(terminal.history({ colors: true })).not.toMatch(/\u001b\[[0-9;]*3[0-9]m/)
  })
})
