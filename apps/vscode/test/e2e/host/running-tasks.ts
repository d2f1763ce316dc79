import assert from 'node:assert/strict'

import * as vscode from 'vscode'

import { until } from '../harness/until.ts'

/**
 * The task of this name, as the editor offers it for a folder. A window that has only just opened
 * offers none for a moment.
 */
export async function task(
  name: string,
  folder: vscode.WorkspaceFolder | undefined = vscode.workspace.workspaceFolders?.[0],
): Promise<vscode.Task> {
  let all: readonly vscode.Task[] = []
  const find = (): vscode.Task | undefined =>
    all.find(
      ({ name: each, scope }) =>
        each === name && typeof scope === 'object' && scope.uri.fsPath === folder?.uri.fsPath,
    )
  await until(
    () => `the task ${name} is offered among ${all.map((each) => each.name).join(', ')}`,
    async () => {
      all = await vscode.tasks.fetchTasks({ type: 'singletrack' })
      return find() !== undefined
    },
  )
  const found = find()
  assert.ok(found)
  return found
}

/** Runs a task in a terminal of the editor, to its end. */
export async function exitCodeOf(each: vscode.Task): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution.task.name === each.name) resolve(exitCode)
  })
  await vscode.tasks.executeTask(each)
  const code = await promise
  listener.dispose()
  return code
}
