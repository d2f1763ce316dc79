import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

import * as vscode from 'vscode'

import { outlineTargets } from '../model/configuration-outline.ts'
import { findCommand } from '../model/find-command.ts'
import {
  type SingletrackTask,
  offeredTasks,
  parseTask,
  taskArguments,
  taskMatchers,
  taskName,
} from '../model/task-definitions.ts'
import { readSettings } from './settings.ts'
import {
  type WindowRoot,
  type WorkspaceRoots,
  configurationPath,
  holds,
} from './workspace-roots.ts'

/** Offers `singletrack build` and `singletrack watch` as tasks that run in a terminal. */
export class TaskProvider implements vscode.TaskProvider {
  readonly #roots: WorkspaceRoots

  constructor(roots: WorkspaceRoots) {
    this.#roots = roots
  }

  provideTasks(): vscode.Task[] {
    if (!vscode.workspace.isTrusted) return []
    return this.#roots.all.flatMap((root) =>
      offeredTasks(targetNames(root)).flatMap(
        (task) => this.#taskFor(root, task, { ...task }) ?? [],
      ),
    )
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    if (!vscode.workspace.isTrusted) return undefined
    const parsed = parseTask(task.definition)
    const root = this.#rootOf(task.scope)
    if (parsed === null || root === undefined) return undefined
    // The editor compares definitions by identity: the one it gave has to come back.
    return this.#taskFor(root, parsed, task.definition)
  }

  #taskFor(
    { open, session }: WindowRoot,
    task: SingletrackTask,
    definition: vscode.TaskDefinition,
  ): vscode.Task | undefined {
    const folder = vscode.workspace.workspaceFolders?.find((each) => holds(open, each))
    if (folder === undefined) return undefined
    const command = findCommand({
      setting: readSettings(open).command,
      folders: [open.root, ...open.folders.map((each) => each.path)],
      join: (...parts) => path.join(...parts),
      exists: existsSync,
      windows: process.platform === 'win32',
    })
    const execution = new vscode.ProcessExecution(command, [...taskArguments(task, open.root)], {
      cwd: open.root,
    })
    const matchers = taskMatchers(task, session.link.kind === 'attached')
    const result = new vscode.Task(definition, folder, taskName(task), 'singletrack', execution, [
      ...matchers,
    ])
    result.isBackground = task.task === 'watch'
    if (task.task === 'build') result.group = vscode.TaskGroup.Build
    result.presentationOptions = {
      reveal: vscode.TaskRevealKind.Silent,
      panel: vscode.TaskPanelKind.Dedicated,
    }
    return result
  }

  #rootOf(scope: vscode.Task['scope']): WindowRoot | undefined {
    if (typeof scope !== 'object') return this.#roots.all[0]
    return this.#roots.all.find(({ open }) => holds(open, scope))
  }
}

/** The targets of a root: those of the session, else those that the configuration names. */
export function targetNames({ open, session }: WindowRoot): readonly string[] {
  if (session.link.kind === 'attached') return session.link.state.targets.map(({ name }) => name)
  try {
    return outlineTargets(readFileSync(configurationPath(open.root), 'utf8')).map(
      ({ name }) => name,
    )
  } catch {
    // There is no configuration that can be read: only the tasks without a name are offered.
    return []
  }
}
