import * as vscode from 'vscode'

import { type TargetAction, targetActions } from '../../model/target-actions.ts'
import type { TreeRow } from '../../model/tree-row.ts'
import type { WindowRoot, WorkspaceRoots } from '../workspace-roots.ts'

/** What a row of the tree is about, when a command was called on one. */
export function subjectOf(argument: unknown): TreeRow['subject'] | null {
  return isRow(argument) ? argument.subject : null
}

function isRow(argument: unknown): argument is TreeRow {
  return typeof argument === 'object' && argument !== null && 'subject' in argument
}

/** The root of a row of the tree. */
export function rootOf(roots: WorkspaceRoots, argument: unknown): WindowRoot | null {
  const subject = subjectOf(argument)
  return subject === null ? null : (roots.get(subject.root) ?? null)
}

/** A target of one of the roots. */
export interface Picked {
  readonly root: WindowRoot
  readonly target: string
}

/** From a row of the tree, or from the name of a target as keybindings pass it. */
export function targetOf(roots: WorkspaceRoots, argument: unknown): Picked | null {
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

/** Lets people choose among the targets that something can be done to. */
export async function pickTarget(
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

/** Lets people choose among roots; the only one is taken without a question. */
export async function pickRoot(candidates: readonly WindowRoot[]): Promise<WindowRoot | null> {
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
