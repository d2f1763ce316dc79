import { ControlClientError } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import { outlineTargets } from '../model/configuration-outline.ts'
import { RUST_ANALYZER_SETTING } from '../model/rust-analyzer.ts'
import { type TargetAction, targetActions } from '../model/target-actions.ts'
import type { TreeRow } from '../model/tree-rows.ts'
import { mayLaunch } from '../model/trust.ts'
import type { Debugging } from './debugging.ts'
import type { ProblemList } from './problem-list.ts'
import { ignoreEdit } from './quick-fixes.ts'
import type { TargetOutput } from './target-output.ts'
import {
  type WindowRoot,
  type WorkspaceRoots,
  configurationPath,
  isConfigured,
} from './workspace-roots.ts'

export interface CommandParts {
  readonly roots: WorkspaceRoots
  readonly output: TargetOutput
  readonly problems: ProblemList
  readonly debugging: Debugging
  readonly log: vscode.LogOutputChannel
}

/** What a new configuration says, until its reader knows better. */
const NEW_CONFIGURATION = `{
  // What is built and run here. Completion (Ctrl+Space) knows every setting.
  "targets": {
    "api": {
      "watch": ["src/**"],
      "run": { "command": ["node", "server.js"] }
    }
  }
}
`

/** Registers all commands. A command that cannot be carried out says why; none fails in silence. */
export function registerCommands(parts: CommandParts): readonly vscode.Disposable[] {
  const { debugging, log, output, problems, roots } = parts
  const command = (
    name: string,
    run: (argument: unknown) => unknown,
    needsTrust = true,
  ): vscode.Disposable =>
    vscode.commands.registerCommand(`singletrack.${name}`, async (argument: unknown) => {
      // The manifest disables the command, too; a keybinding or another extension may still call it.
      if (needsTrust && !vscode.workspace.isTrusted) {
        void vscode.window.showInformationMessage('Singletrack runs nothing in Restricted Mode.')
        return undefined
      }
      try {
        return await run(argument)
      } catch (error) {
        log.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
        if (!(error instanceof ControlClientError)) throw error
        void vscode.window.showErrorMessage(error.message)
        return undefined
      }
    })
  const onTarget = (
    name: string,
    action: TargetAction | null,
    run: (root: WindowRoot, target: string) => unknown,
    needsTrust = true,
  ): vscode.Disposable =>
    command(
      name,
      async (argument) => {
        const picked = targetOf(roots, argument) ?? (await pickTarget(roots, action))
        return picked === null ? undefined : await run(picked.root, picked.target)
      },
      needsTrust,
    )
  const onRoot = (
    name: string,
    fits: (root: WindowRoot) => boolean,
    run: (root: WindowRoot) => unknown,
    needsTrust = true,
  ): vscode.Disposable =>
    command(
      name,
      async (argument) => {
        const root = rootOf(roots, argument) ?? (await pickRoot(roots.all.filter(fits)))
        return root === null ? undefined : await run(root)
      },
      needsTrust,
    )
  return [
    onRoot(
      'startSession',
      ({ session }) => mayLaunch(session.link, true),
      ({ session }) => session.launch(),
    ),
    onRoot('stopSession', attached, async ({ session }) =>
      session.request('shutdown', { force: false }),
    ),
    onRoot('pause', attached, async ({ session }) => session.request('pause', {})),
    onRoot('resume', attached, async ({ session }) => session.request('resume', {})),
    onRoot('buildAll', attached, async ({ session }) =>
      session.request('build', { targets: [], fresh: true }),
    ),
    onTarget('startTarget', 'start', async ({ session }, target) =>
      session.request('start', { targets: [target] }),
    ),
    onTarget('stopTarget', 'stop', async ({ session }, target) =>
      session.request('stop', { targets: [target] }),
    ),
    onTarget('restartTarget', 'restart', async ({ session }, target) =>
      session.request('restart', { targets: [target] }),
    ),
    onTarget('buildTarget', 'build', async ({ session }, target) =>
      session.request('build', { targets: [target], fresh: true }),
    ),
    onTarget('debugTarget', 'debug', async (root, target) => debugging.attach(root, target)),
    onTarget('openTarget', 'open', async (root, target) => openTarget(root, target), false),
    onTarget('showOutput', null, async (root, target) => output.show(root, target), false),
    onTarget('showDefinition', null, async (root, target) => showDefinition(root, target), false),
    command('openProblem', async (argument) => openProblem(roots, problems, argument), false),
    command('ignorePath', async (argument) => ignorePath(argument)),
    command('separateRustAnalyzer', async () => separateRustAnalyzer()),
    onRoot(
      'openConfiguration',
      ({ open }) => isConfigured(open.root),
      async ({ open }) =>
        vscode.window.showTextDocument(vscode.Uri.file(configurationPath(open.root))),
      false,
    ),
    onRoot(
      'createConfiguration',
      ({ open }) => !isConfigured(open.root),
      async (root) => createConfiguration(root),
    ),
    command('showLog', () => log.show(), false),
  ]
}

const attached = ({ session }: WindowRoot): boolean => session.link.kind === 'attached'

/** What a row of the tree is about, when a command was called on one. */
function subjectOf(argument: unknown): TreeRow['subject'] | null {
  return isRow(argument) ? argument.subject : null
}

function isRow(argument: unknown): argument is TreeRow {
  return typeof argument === 'object' && argument !== null && 'subject' in argument
}

function rootOf(roots: WorkspaceRoots, argument: unknown): WindowRoot | null {
  const subject = subjectOf(argument)
  return subject === null ? null : (roots.get(subject.root) ?? null)
}

interface Picked {
  readonly root: WindowRoot
  readonly target: string
}

/** From a row of the tree, or from the name of a target as keybindings pass it. */
function targetOf(roots: WorkspaceRoots, argument: unknown): Picked | null {
  const subject = subjectOf(argument)
  if (subject !== null) {
    const root = roots.get(subject.root)
    return root !== undefined && 'target' in subject ? { root, target: subject.target } : null
  }
  if (typeof argument !== 'string') return null
  const root = roots.all.find(({ session }) =>
    session.link.kind === 'attached'
      ? session.link.state.targets.some(({ name }) => name === argument)
      : false,
  )
  return root === undefined ? null : { root, target: argument }
}

async function pickTarget(
  roots: WorkspaceRoots,
  action: TargetAction | null,
): Promise<Picked | null> {
  const items = roots.all.flatMap((root) =>
    root.session.link.kind === 'attached'
      ? root.session.link.state.targets
          .filter((target) => action === null || targetActions(target).includes(action))
          .map(({ name, phase }) => ({
            label: name,
            description: roots.all.length > 1 ? `${phase}, ${root.open.name}` : phase,
            choice: { root, target: name },
          }))
      : [],
  )
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no target that this could be done to now.')
    return null
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Target' }))?.choice ?? null
}

async function pickRoot(candidates: readonly WindowRoot[]): Promise<WindowRoot | null> {
  const [first] = candidates
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      'There is no workspace that this could be done to now.',
    )
  }
  if (first === undefined || candidates.length === 1) return first ?? null
  const items = candidates.map((root) => ({
    label: root.open.name,
    description: root.open.root,
    root,
  }))
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Workspace' }))?.root ?? null
}

async function openTarget({ session }: WindowRoot, target: string): Promise<void> {
  const state =
    session.link.kind === 'attached'
      ? session.link.state.targets.find(({ name }) => name === target)
      : undefined
  if (state?.link === null || state?.link === undefined) return
  await vscode.env.openExternal(vscode.Uri.parse(state.link, true))
}

async function showDefinition({ open }: WindowRoot, target: string): Promise<void> {
  const uri = vscode.Uri.file(configurationPath(open.root))
  const document = await vscode.workspace.openTextDocument(uri)
  const found = outlineTargets(document.getText()).find(({ name }) => name === target)
  const at = document.positionAt(found?.offset ?? 0)
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) })
}

async function openProblem(
  roots: WorkspaceRoots,
  problems: ProblemList,
  argument: unknown,
): Promise<void> {
  const subject = subjectOf(argument)
  const root = subject === null ? undefined : roots.get(subject.root)
  if (subject?.kind !== 'problem' || root === undefined) return
  const place = problems.placeOf(root, subject.target, subject.index)
  if (place === null) return
  await vscode.window.showTextDocument(place.uri, { selection: place.range })
}

async function ignorePath(argument: unknown): Promise<void> {
  const subject = subjectOf(argument) ?? argument
  if (typeof subject !== 'object' || subject === null) return
  if (!('ignore' in subject) || !('root' in subject)) return
  const { ignore, root } = subject
  if (typeof ignore !== 'string' || typeof root !== 'string') return
  const document = await vscode.workspace.openTextDocument(configurationPath(root))
  const edit = ignoreEdit(document, ignore)
  if (edit === null) {
    void vscode.window.showInformationMessage(`"${ignore}" is ignored already.`)
    return
  }
  await vscode.workspace.applyEdit(edit)
  await document.save()
}

async function separateRustAnalyzer(): Promise<void> {
  try {
    await vscode.workspace
      .getConfiguration()
      .update(RUST_ANALYZER_SETTING, true, vscode.ConfigurationTarget.Workspace)
  } catch {
    // Only an installed extension has settings that can be written.
    void vscode.window.showInformationMessage(
      `Set "${RUST_ANALYZER_SETTING}": true where rust-analyzer is configured.`,
    )
  }
}

async function createConfiguration({ open }: WindowRoot): Promise<void> {
  const uri = vscode.Uri.file(configurationPath(open.root))
  const edit = new vscode.WorkspaceEdit()
  edit.createFile(uri, {
    ignoreIfExists: true,
    contents: new TextEncoder().encode(NEW_CONFIGURATION),
  })
  await vscode.workspace.applyEdit(edit)
  const document = await vscode.workspace.openTextDocument(uri)
  const text = document.getText()
  const at = document.positionAt(Math.max(0, text.indexOf('"api"') + 1))
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(at, at.translate(0, 3)),
  })
}
