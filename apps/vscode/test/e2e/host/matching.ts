import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'

import * as vscode from 'vscode'

import { until } from '../harness/until.ts'
import { type HostTest, test } from './host-test.ts'
import { exitCodeOf, task } from './running-tasks.ts'
import { problemsIn, target, untilLink, untilPhase, workspace } from './window.ts'

const CONFIGURATION = 'singletrack.jsonc'
const SOURCE = 'services/api/main.mjs'
const UNTIL_RELEASED = 'until [ -e mistakes/seen ]; do sleep 0.1; done'
const EXTENSION = path.resolve(import.meta.dirname, '../../..')
const tool = (folder: string, name: string): string =>
  path.resolve(EXTENSION, folder, 'node_modules/.bin', name)

/** A tool, a file with a mistake, and what it says of it. */
interface Mistake {
  readonly command: readonly string[]
  readonly files: Readonly<Record<string, string>>
  readonly place: string
  readonly problem: string
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  typed: {
    command: [
      tool('../..', 'tsc'),
      '--noEmit',
      '--pretty',
      'false',
      '--ignoreConfig',
      'mistakes/typed.ts',
    ],
    files: { 'mistakes/typed.ts': "export const total: number = 'three'\n" },
    place: 'mistakes/typed.ts',
    problem: "0:13 singletrack TS2322: Type 'string' is not assignable to type 'number'.",
  },
  bundled: {
    command: [tool('.', 'esbuild'), '--bundle', 'mistakes/bundled.ts', '--outfile=/dev/null'],
    files: { 'mistakes/bundled.ts': "import './gone.ts'\n" },
    place: 'mistakes/bundled.ts',
    problem: '0:7 singletrack: Could not resolve "./gone.ts"',
  },
  printed: {
    command: ['sh', '-c', "echo 'mistakes/printed.txt:2:3: error: a printed mistake'; exit 1"],
    files: { 'mistakes/printed.txt': 'one\ntwo\n' },
    place: 'mistakes/printed.txt',
    problem: '1:2 singletrack: a printed mistake',
  },
  ...(spawnSync('cargo', ['--version']).status === 0
    ? {
        crate: {
          command: ['cargo', 'build', '--offline', '--target-dir', 'mistakes/target'],
          files: {
            'Cargo.toml': '[workspace]\nmembers = ["mistakes/crate"]\nresolver = "2"\n',
            'mistakes/crate/Cargo.toml':
              '[package]\nname = "orders"\nversion = "0.1.0"\nedition = "2021"\n',
            'mistakes/crate/src/main.rs': 'fn main() {\n    println!("{}", total);\n}\n',
          },
          place: 'mistakes/crate/src/main.rs',
          problem: '1:19 singletrack E0425: cannot find value `total` in this scope',
        },
      }
    : {}),
}

/** Targets that each make a mistake, all at the same time, in place of those of the workspace. */
class Mistakes implements AsyncDisposable {
  readonly #before = workspace.read(CONFIGURATION)

  static make(): Mistakes {
    const mistakes = new Mistakes()
    mkdirSync(workspace.path('mistakes/crate/src'), { recursive: true })
    const targets = Object.entries(MISTAKES).map(([name, { command, files }]) => {
      for (const [file, text] of Object.entries(files)) workspace.write(file, text)
      return [name, { build: { command, uses: [] } }] as const
    })
    // The editor stops reading a terminal soon after its program has ended: on a busy machine, before
    // the last lines. It ends when all has been seen.
    const last = { build: { command: ['sh', '-c', UNTIL_RELEASED], uses: [] } }
    workspace.write(
      CONFIGURATION,
      JSON.stringify({ concurrency: 8, targets: Object.fromEntries([...targets, ['last', last]]) }),
    )
    return mistakes
  }

  /** Lets the last build end, and with it the task. */
  release(): void {
    workspace.write('mistakes/seen', '')
  }

  /** The editor lists the problems of a file when it meets another file, or the end. */
  async untilSeen(): Promise<void> {
    const places = Object.values(MISTAKES).map(({ place }) => place)
    await until('all problems but one are listed', () => {
      return places.filter((place) => listed(place).length > 0).length >= places.length - 1
    })
  }

  async untilListed(): Promise<void> {
    for (const { place, problem } of Object.values(MISTAKES)) {
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      await until(`the problem in ${place} is listed`, () => listed(place).length > 0)
      assert.deepEqual(listed(place), [problem])
    }
  }

  /** Takes the mistakes away; a build that finds none clears the list. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.release()
    workspace.write(CONFIGURATION, this.#before)
    for (const made of ['mistakes', 'Cargo.toml', 'Cargo.lock']) {
      rmSync(workspace.path(made), { recursive: true, force: true })
    }
    assert.equal(await exitCodeOf(await task('build')), 0)
    await until('the list is empty', () =>
      Object.values(MISTAKES).every(({ place }) => listed(place).length === 0),
    )
  }
}

/** Every problem of a file, of whomever, in one line each. */
const listed = (file: string): readonly string[] =>
  problemsIn(file).map(({ code, message, range: { start }, source }) => {
    const id = typeof code === 'object' ? code.value : code
    return `${start.line}:${start.character} ${source}${id === undefined ? '' : ` ${id}`}: ${message}`
  })

/** The problems of tasks that run in a terminal, found by the matchers of the manifest. */
export const matchingTests: readonly HostTest[] = [
  test('a build task without a session lists each problem of each tool once, though the builds run side by side', async () => {
    await untilLink('none')
    await using mistakes = Mistakes.make()
    const ended = exitCodeOf(await task('build'))
    await mistakes.untilSeen()
    mistakes.release()
    assert.equal(await ended, 1)
    await mistakes.untilListed()
  }),

  test('a session takes the place of what a task has found: a problem is listed once, and goes when it is mended', async () => {
    await untilLink('none')
    workspace.edit(SOURCE, 'see services', 'BROKEN see services')
    assert.equal(await exitCodeOf(await task('build')), 1)
    await until('the task has found it', () => listed(SOURCE).length > 0)
    {
      await using terminal = workspace.run('watch')
      assert.ok(terminal.pid > 0)
      await untilPhase('api', 'build-failed')
      await until('it is of the session', () =>
        listed(SOURCE).every((each) => each.includes('singletrack api: ')),
      )
      assert.equal(listed(SOURCE).length, 1)
      workspace.edit(SOURCE, 'BROKEN ', '')
      await untilPhase('api', 'ready')
      await until('it is gone', () => listed(SOURCE).length === 0)
    }
    await untilLink('none')
  }),

  test('a watch task is busy until all of its targets rest: what is debugged after it finds them ready', async () => {
    workspace.edit(SOURCE, '// The', '// build takes 1000 ms\n// The')
    const begun = Promise.withResolvers<readonly (string | undefined)[]>()
    const listener = vscode.debug.onDidStartDebugSession(() =>
      begun.resolve(['api', 'web'].map((name) => target(name)?.phase)),
    )
    await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], {
      type: 'node',
      request: 'launch',
      name: 'after the watch',
      program: workspace.path('console.mjs'),
      preLaunchTask: 'singletrack: watch',
    })
    assert.deepEqual(await begun.promise, ['ready', 'ready'])
    listener.dispose()
    await vscode.debug.stopDebugging()
    workspace.edit(SOURCE, '// build takes 1000 ms\n', '')
  }),

  test('a watch task is a session like any other: its problems are listed once, and it ends with the task', async () => {
    await untilPhase('api', 'ready')
    workspace.edit(SOURCE, 'see services', 'BROKEN see services')
    await untilPhase('api', 'build-failed')
    await until('the problem is listed', () => listed(SOURCE).length > 0)
    assert.deepEqual(
      problemsIn(SOURCE).map(({ message }) => message),
      ['BROKEN is not defined'],
    )
    workspace.edit(SOURCE, 'BROKEN ', '')
    await untilPhase('api', 'ready')
    const watch = vscode.tasks.taskExecutions.find((each) => each.task.name === 'watch')
    assert.ok(watch)
    watch.terminate()
    await untilLink('none')
    await workspace.untilDeserted()
  }),
]
