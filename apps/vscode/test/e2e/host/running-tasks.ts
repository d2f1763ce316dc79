import assert from 'node:assert/strict'

import * as vscode from 'vscode'

/** The task of this name, as the editor offers it. */
export async function task(name: string): Promise<vscode.Task> {
  const all = await vscode.tasks.fetchTasks({ type: 'singletrack' })
  const found = all.find((each) => each.name === name)
  assert.ok(found, `no task ${name} among ${all.map((each) => each.name).join(', ')}`)
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
