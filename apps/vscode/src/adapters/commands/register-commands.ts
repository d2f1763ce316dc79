import { ControlClientError } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import type { TargetAction } from '../../model/target-actions.ts'
import { mayLaunch } from '../../model/trust.ts'
import type { Debugging } from '../debugging.ts'
import type { ProblemList } from '../problem-list.ts'
import type { TargetOutput } from '../target-output.ts'
import { type WindowRoot, type WorkspaceRoots, isConfigured } from '../workspace-roots.ts'
import { createConfiguration, ignorePath } from './configuration.ts'
import { openConfiguration, openProblem, openTarget, showDefinition } from './open.ts'
import { pickRoot, pickTarget, rootOf, targetOf } from './pick.ts'
import { separateRustAnalyzer } from './separate-rust-analyzer.ts'

export interface CommandParts {
  readonly roots: WorkspaceRoots
  readonly output: TargetOutput
  readonly problems: ProblemList
  readonly debugging: Debugging
  readonly log: vscode.LogOutputChannel
}

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
    command('ignorePath', async (argument) => ignorePath(roots, argument)),
    command('separateRustAnalyzer', async () => separateRustAnalyzer()),
    onRoot(
      'openConfiguration',
      ({ open }) => isConfigured(open.root),
      async (root) => openConfiguration(root),
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
