import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'

import * as vscode from 'vscode'

import { until } from '../harness/until.ts'
import { type HostTest, test } from './host-test.ts'
import { exitCodeOf, task } from './running-tasks.ts'
import { problemsIn, untilLink, untilPhase, workspace } from './window.ts'

const CONFIGURATION = 'singletrack.jsonc'
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
    problem: "0:13 tsc TS2322: Type 'string' is not assignable to type 'number'.",
  },
  bundled: {
    command: [tool('.', 'esbuild'), '--bundle', 'mistakes/bundled.ts', '--outfile=/dev/null'],
    files: { 'mistakes/bundled.ts': "import './gone.ts'\n" },
    place: 'mistakes/bundled.ts',
    problem: '0:6 esbuild: Could not resolve "./gone.ts"',
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
          problem: '1:19 cargo E0425: cannot find value `total` in this scope',
        },
      }
    : {}),
}

/** Every problem of a file, of whomever, in one line each. */
const listed = (file: string): readonly string[] =>
  problemsIn(file).map(({ code, message, range: { start }, source }) => {
    const id = typeof code === 'object' ? code.value : code
    return `${start.line}:${start.character} ${source}${id === undefined ? '' : ` ${id}`}: ${message}`
  })

/** The problems of tasks that run in a terminal, found by the matchers of the manifest. */
export const matchingTests: readonly HostTest[] = [
  test('a build task without a session lists each problem of each tool once, and clears what is mended', async () => {
    await untilLink('none')
    const before = workspace.read(CONFIGURATION)
    mkdirSync(workspace.path('mistakes/crate/src'), { recursive: true })
    const targets: [string, object][] = Object.entries(MISTAKES).map(
      ([name, { command, files }]) => {
        for (const [file, text] of Object.entries(files)) workspace.write(file, text)
        // One after the other: a problem that takes several lines is found only in one piece.
        return [name, { watch: ['mistakes/**'], build: { command, uses: ['mistakes'] } }]
      },
    )
    // The editor stops reading a terminal soon after its program has ended: on a busy machine, before
    // the last lines. The last target has nothing to say.
    targets.push([
      'last',
      { watch: ['mistakes/**'], build: { command: ['sleep', '3'], uses: ['mistakes'] } },
    ])
    workspace.write(
      CONFIGURATION,
      JSON.stringify({ resources: { mistakes: 1 }, targets: Object.fromEntries(targets) }),
    )
    try {
      assert.equal(await exitCodeOf(await task('build')), 1)
      for (const { place, problem } of Object.values(MISTAKES)) {
        // oxlint-disable-next-line no-await-in-loop -- one file after the other
        await until(`the problem in ${place} is listed`, () => listed(place).length > 0)
        assert.deepEqual(listed(place), [problem])
      }
    } finally {
      workspace.write(CONFIGURATION, before)
      for (const made of ['mistakes', 'Cargo.toml', 'Cargo.lock']) {
        rmSync(workspace.path(made), { recursive: true, force: true })
      }
    }
    assert.equal(await exitCodeOf(await task('build')), 0)
    await until('the list is empty', () =>
      Object.values(MISTAKES).every(({ place }) => listed(place).length === 0),
    )
  }),

  test('a watch task is a session like any other: its problems are listed once, and it ends with the task', async () => {
    const execution = await vscode.tasks.executeTask(await task('watch'))
    await untilPhase('api', 'ready')
    workspace.edit('services/api/main.mjs', 'see services', 'BROKEN see services')
    await untilPhase('api', 'build-failed')
    await until('the problem is listed', () => listed('services/api/main.mjs').length > 0)
    assert.deepEqual(
      problemsIn('services/api/main.mjs').map(({ message }) => message),
      ['BROKEN is not defined'],
    )
    workspace.edit('services/api/main.mjs', 'BROKEN ', '')
    await untilPhase('api', 'ready')
    execution.terminate()
    await untilLink('none')
    await workspace.untilDeserted()
  }),
]
