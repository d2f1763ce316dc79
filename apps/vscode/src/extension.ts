import { existsSync } from 'node:fs'
import path from 'node:path'

import * as vscode from 'vscode'

import { registerCommands } from './adapters/commands/index.ts'
import { Debugging } from './adapters/debugging.ts'
import { FollowActiveFile } from './adapters/follow-active-file.ts'
import { Notifications } from './adapters/notifications.ts'
import { ProblemList } from './adapters/problem-list.ts'
import { CONFIGURATION_SELECTOR, IgnoreFixes } from './adapters/quick-fixes.ts'
import { readSettings } from './adapters/settings.ts'
import { StatusItem } from './adapters/status-item.ts'
import { OUTPUT_LANGUAGE, OutputLinkProvider, TargetOutput } from './adapters/target-output.ts'
import { TargetTree } from './adapters/target-tree.ts'
import { TaskProvider } from './adapters/task-provider.ts'
import { WorkingDirectories } from './adapters/working-directories.ts'
import { WorkspaceRoots, isConfigured } from './adapters/workspace-roots.ts'
import type { RootView } from './model/root-view.ts'
import type { TreeRow } from './model/tree-row.ts'
import { mayLaunch } from './model/trust.ts'
import { launchSession } from './session/launch-session.ts'
import { RootSession } from './session/root-session.ts'
import { watchLocks } from './session/watch-locks.ts'

/** What other extensions, and tests, see of this one. */
export interface SingletrackApi {
  /** Every root of the window with its session. */
  roots(): readonly RootView[]
  /** The tree as it stands. */
  rows(): readonly TreeRow[]
  /** What the status bar says; empty while the item is hidden. */
  status(): string
}

let roots: WorkspaceRoots | null = null

/** Wires the parts together. Starts nothing by itself unless the user has asked for it. */
export function activate(context: vscode.ExtensionContext): SingletrackApi {
  const log = vscode.window.createOutputChannel('Singletrack', { log: true })
  const script = context.asAbsolutePath(path.join('dist', 'session', 'session-host.js'))
  const window = new WorkspaceRoots(
    (root) =>
      new RootSession({
        root,
        watchLocks,
        isTrusted: () => vscode.workspace.isTrusted,
        log: (message) => log.info(message),
        launch: launchSession(() => {
          const open = window.get(root)?.open ?? { root, name: root, folders: [] }
          const { lingerSeconds, node, session } = readSettings(open)
          return {
            node,
            script,
            installedIn: session === 'workspace' ? root : null,
            lingerMs: lingerSeconds * 1_000,
            log: (message) => log.info(message),
          }
        }),
      }),
    log,
  )
  roots = window
  const tree = new TargetTree(window)
  const status = new StatusItem(window)
  const directories = new WorkingDirectories(
    window,
    () => vscode.workspace.isTrusted,
    () => problems.update(),
  )
  const problems = new ProblemList(window, directories)
  const output = new TargetOutput(window)
  const debugging = new Debugging(window, log)
  const notifications = new Notifications(window)
  const update = (): void => {
    tree.update()
    status.update()
    problems.update()
    notifications.update()
    debugging.update()
    setContexts(window.views())
  }
  window.onChange(update)
  window.onAdded(({ session }) => {
    session.onEvent((event) => {
      if (event.type === 'configuration-changed') directories.clear()
    })
  })
  context.subscriptions.push(
    log,
    tree,
    status,
    problems,
    output,
    debugging,
    notifications,
    new FollowActiveFile(window, log),
    ...registerCommands({ roots: window, output, problems, debugging, log }),
    vscode.tasks.registerTaskProvider('singletrack', new TaskProvider(window)),
    vscode.languages.registerDocumentLinkProvider(
      { language: OUTPUT_LANGUAGE },
      new OutputLinkProvider(window, output, existsSync),
    ),
    vscode.languages.registerCodeActionsProvider(
      CONFIGURATION_SELECTOR,
      new IgnoreFixes(window),
      IgnoreFixes.metadata,
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      update()
      autoStart(window)
    }),
    // Restricted settings come into force a moment after trust has been granted.
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('singletrack.autoStart')) autoStart(window)
    }),
  )
  window.update()
  update()
  autoStart(window)
  return { roots: () => window.views(), rows: () => tree.rows(), status: () => status.text }
}

/** Leaves the sessions, which go on or end by themselves; ends no process and holds no lock. */
export async function deactivate(): Promise<void> {
  await roots?.[Symbol.asyncDispose]()
  roots = null
}

/** Long enough for the lock of a running session to have been seen. */
const AUTO_START_AFTER_MS = 1_000

function autoStart(window: WorkspaceRoots): void {
  if (!vscode.workspace.isTrusted) return
  for (const { open, session } of window.all) {
    if (!isConfigured(open.root) || !readSettings(open).autoStart) continue
    setTimeout(() => {
      if (mayLaunch(session.link, vscode.workspace.isTrusted)) session.launch()
    }, AUTO_START_AFTER_MS)
  }
}

/** What the menus and the welcome texts of the manifest ask for. */
function setContexts(views: readonly RootView[]): void {
  const trusted = vscode.workspace.isTrusted
  const contexts = {
    configured: views.some(({ configured }) => configured),
    attached: views.some(({ link }) => link.kind === 'attached'),
    paused: views.some(({ link }) => link.kind === 'attached' && link.state.paused),
    failed: views.some(({ link }) => link.kind === 'failed'),
    canLaunch: views.some(({ configured, link }) => configured && mayLaunch(link, trusted)),
  }
  for (const [name, value] of Object.entries(contexts)) {
    void vscode.commands.executeCommand('setContext', `singletrack.${name}`, value)
  }
}
