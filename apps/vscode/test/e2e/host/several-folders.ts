import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'

import type { TargetState } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import type { SingletrackApi } from '../../../src/extension.ts'
import type { TreeRow } from '../../../src/model/tree-row.ts'
import { until } from '../harness/until.ts'
import { Workspace } from '../harness/workspace.ts'
import { type HostTest, test } from './host-test.ts'
import { exitCodeOf, task } from './running-tasks.ts'
import { command, extension } from './window.ts'

const SOURCE = 'services/api/main.mjs'

type Root = ReturnType<SingletrackApi['roots']>[number]

/** One of the two folders of the window. */
class Folder {
  readonly #index: number

  constructor(index: number) {
    this.#index = index
  }

  get folder(): vscode.WorkspaceFolder {
    const folder = vscode.workspace.workspaceFolders?.[this.#index]
    assert.ok(folder)
    return folder
  }

  /** As the window has opened it. */
  get workspace(): Workspace {
    return Workspace.at(this.folder.uri.fsPath)
  }

  get root(): Root {
    const root = extension().exports.roots()[this.#index]
    assert.ok(root)
    return root
  }

  get row(): TreeRow {
    const row = extension().exports.rows()[this.#index]
    assert.ok(row)
    return row
  }

  async untilLink(kind: Root['link']['kind']): Promise<void> {
    await until(
      () => `the link of ${this.root.name} is ${kind}, not ${this.root.link.kind}`,
      () => this.root.link.kind === kind,
    )
  }

  async untilPhase(name: string, phase: TargetState['phase']): Promise<void> {
    await until(`${name} of ${this.root.name} is ${phase}`, () => {
      const { link } = this.root
      return link.kind === 'attached'
        ? link.state.targets.some((each) => each.name === name && each.phase === phase)
        : false
    })
  }

  /** Who has found each problem of the source. */
  problems(): readonly (string | undefined)[] {
    return vscode.languages
      .getDiagnostics(vscode.Uri.file(this.workspace.path(SOURCE)))
      .map(({ source }) => source)
  }

  async untilProblems(expected: readonly string[]): Promise<void> {
    await until(
      () =>
        `the problems of ${this.root.name} are of ${expected.join()}: ${this.problems().join()}`,
      () => JSON.stringify(this.problems()) === JSON.stringify(expected),
    )
  }
}

/** The output of `api` with the line that names a place. */
async function outputOf(folder: Folder): Promise<vscode.TextDocument> {
  await folder.untilPhase('api', 'ready')
  await command(
    'showOutput',
    folder.row.children.find(({ text }) => text === 'api'),
  )
  const find = (): vscode.TextDocument | undefined =>
    vscode.workspace.textDocuments.find(
      (document) =>
        document.uri.path.endsWith(`api (${folder.root.name})`) &&
        document.getText().includes('see services/api'),
    )
  await until(`the output of api in ${folder.root.name} is shown`, () => find() !== undefined)
  const found = find()
  assert.ok(found)
  return found
}

const shop = new Folder(0)
/** Opened by a symbolic link. */
const market = new Folder(1)

/** Several roots in one window: each has its own session, problems and settings. */
export const severalFoldersTests: readonly HostTest[] = [
  test('each folder is a row, without a session', async () => {
    await until('both folders are there', () => extension().exports.rows().length === 2)
    assert.deepEqual(
      [shop, market].map(({ row: { text, description } }) => `${text}: ${description}`),
      ['Läden & Märkte #1 (100%): no session', 'linked: no session'],
    )
  }),

  test('a session of one root does not clear what a task has found in a root without one', async () => {
    shop.workspace.edit(SOURCE, 'see services', 'BROKEN see services')
    assert.equal(await exitCodeOf(await task('build', shop.folder)), 1)
    await shop.untilProblems(['singletrack'])
    {
      await using terminal = market.workspace.run('watch')
      await market.untilLink('attached')
      await market.untilPhase('api', 'ready')
      await market.untilPhase('web', 'ready')
      assert.ok(terminal.pid > 0)
      market.workspace.edit(SOURCE, 'see services', 'BROKEN see services')
      await market.untilProblems(['singletrack api: pattern'])
      assert.deepEqual(shop.problems(), ['singletrack'])
      market.workspace.edit(SOURCE, 'BROKEN ', '')
      await market.untilProblems([])
      assert.deepEqual(shop.problems(), ['singletrack'])
    }
    await market.untilLink('none')
    assert.deepEqual(shop.problems(), ['singletrack'])
  }),

  test('a session takes the place of what a task has found in its own root', async () => {
    await using terminal = shop.workspace.run('watch')
    assert.ok(terminal.pid > 0)
    await shop.untilPhase('api', 'build-failed')
    await shop.untilProblems(['singletrack api: pattern'])
    shop.workspace.edit(SOURCE, 'BROKEN ', '')
    await shop.untilProblems([])
    await shop.untilPhase('api', 'ready')
    await shop.untilPhase('web', 'ready')
  }),

  test('the definition of a target is shown in the folder that was opened, not behind its link', async () => {
    await shop.untilLink('none')
    await using terminal = market.workspace.run('watch')
    assert.ok(terminal.pid > 0)
    await market.untilPhase('web', 'ready')
    await command(
      'showDefinition',
      market.row.children.find(({ text }) => text === 'web'),
    )
    const editor = vscode.window.activeTextEditor
    assert.equal(editor?.document.uri.fsPath, market.workspace.path('singletrack.jsonc'))
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /"web"/)
  }),

  test('the output of targets of one name is told apart, and each leads to its own folder', async () => {
    await using terminal = market.workspace.run('watch')
    await using other = shop.workspace.run('watch')
    assert.ok(terminal.pid > 0 && other.pid > 0)
    for (const each of [shop, market]) {
      // oxlint-disable-next-line no-await-in-loop -- the editor shows one output at a time
      const document = await outputOf(each)
      // oxlint-disable-next-line no-await-in-loop -- as above
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
        100,
      )
      const places = new Set(links.map(({ target }) => target?.fsPath))
      assert.deepEqual(places, new Set([each.workspace.path(SOURCE)]))
    }
  }),

  test('the settings of a folder are those of its root', async () => {
    await market.untilLink('none')
    mkdirSync(market.workspace.path('.vscode'), { recursive: true })
    market.workspace.write('.vscode/settings.json', '{ "singletrack.session": "workspace" }')
    const setting = (): unknown =>
      vscode.workspace.getConfiguration('singletrack', market.folder.uri).get('session')
    await until('the setting is in force', () => setting() === 'workspace')
    await command('startSession', market.row)
    await market.untilLink('failed')
    const { link } = market.root
    assert.match(link.kind === 'failed' ? link.problem : '', /has no "singletrack" installed/)
    rmSync(market.workspace.path('.vscode'), { recursive: true })
    await until('the setting is gone', () => setting() === 'bundled')
    await command('startSession', market.row)
    await market.untilPhase('web', 'ready')
    assert.equal(shop.root.link.kind, 'none')
    await command('stopSession', market.row)
    await market.untilLink('none')
  }),
]
