import path from 'node:path'

import type { ProblemList } from '../document/problem-list.ts'
import { itemsAt } from '../document/read-setting.ts'
import { type SectionNode, type SettingNode, nodeAt } from '../document/setting-node.ts'
import type { CommandLine } from '../workspace.ts'
import { resolveGlob } from './globs.ts'
import { type Scope, substitute } from './placeholders.ts'

/** What is needed to resolve the settings of one target. */
export interface TargetContext {
  readonly name: string
  readonly node: SectionNode
  /** Absolute, real. */
  readonly root: string
  readonly scope: Scope
  readonly problems: ProblemList
}

/** A text with its placeholders replaced. */
export function expand(node: SettingNode, context: TargetContext): string {
  const text = node.kind === 'scalar' ? String(node.value) : ''
  return substitute(text, context.scope, ({ message, remedy }) => {
    context.problems.add(node.place, message, remedy)
  })
}

/** The command at a path below the target; null where it is missing or damaged. */
export function commandAt(
  context: TargetContext,
  node: SettingNode | undefined,
): CommandLine | null {
  if (node?.kind === 'section') {
    const line = nodeAt(node, ['shell'])
    return line === undefined ? null : { kind: 'shell', line: expand(line, context) }
  }
  const [program, ...rest] = itemsAt(node).map((item) => expand(item, context))
  return program === undefined ? null : { kind: 'exec', argv: [program, ...rest] }
}

/** Patterns relative to the root, those that exclude apart. */
export function globsAt(
  context: TargetContext,
  items: readonly SettingNode[],
  outside: 'allowed' | 'refused',
): { readonly include: readonly string[]; readonly exclude: readonly string[] } {
  const include: string[] = []
  const exclude: string[] = []
  const cwd = path.relative(context.root, context.scope.cwd).split(path.sep).join('/')
  for (const item of items) {
    const { glob, excludes, isOutside } = resolveGlob(expand(item, context), cwd)
    // What a preset has found out is no mistake of whoever wrote the file.
    const isWritten = item.place.source.kind !== 'preset'
    if (isOutside && isWritten && outside === 'refused') {
      const remedy = 'move singletrack.jsonc up, to a directory that contains both'
      context.problems.add(item.place, `lies outside the root ${context.root}`, remedy)
    } else {
      const list = excludes ? exclude : include
      list.push(glob)
    }
  }
  return { include, exclude }
}
