import path from 'node:path'
import { parseEnv } from 'node:util'

import { readDocument } from '../document/read-document.ts'
import { entriesAt, itemsAt, optionalNumber } from '../document/read-setting.ts'
import type { SettingNode } from '../document/setting-node.ts'
import { type TargetContext, expand } from './target-context.ts'

export interface EnvironmentFile {
  /** Absolute. */
  readonly file: string
  readonly variables: ReadonlyMap<string, string>
}

/** Reads the `envFile`s of a target, in their order. A missing one is a problem. */
export async function readEnvironmentFiles(
  context: TargetContext,
): Promise<readonly EnvironmentFile[]> {
  const found = await Promise.all(
    itemsAt(context.node, 'envFile').map(async (item) => readOne(context, item)),
  )
  return found.flatMap((file) => file ?? [])
}

async function readOne(context: TargetContext, item: SettingNode): Promise<EnvironmentFile | null> {
  const text = expand(item, context)
  const file = path.resolve(context.scope.cwd, text)
  const shown = path.relative(context.root, file)
  const result = await readDocument(file)
  switch (result.kind) {
    case 'read':
      return { file, variables: new Map(Object.entries(parseVariables(result.text))) }
    case 'missing':
      context.problems.add(item.place, `there is no file ${shown}`, 'create it or correct the path')
      return { file, variables: new Map() }
    case 'unreadable':
      context.problems.add(item.place, `${shown} ${result.message}`, result.remedy)
      return { file, variables: new Map() }
  }
}

/** The variables of a dotenv file, as Node itself reads them. */
function parseVariables(text: string): Readonly<Record<string, string>> {
  const variables = Object.entries(parseEnv(text.replaceAll('\r\n', '\n')))
  return Object.fromEntries(
    variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}

/**
 * The environment that a target adds to the session's: its files, a later one over an earlier one,
 * then `env`, then `PORT`.
 */
export function resolveEnvironment(
  context: TargetContext,
  files: readonly EnvironmentFile[],
): Readonly<Record<string, string>> {
  const variables = new Map(files.flatMap((file) => [...file.variables]))
  for (const [name, value] of entriesAt(context.node, 'env')) {
    variables.set(name, expand(value, context))
  }
  const port = optionalNumber(context.node, 'run', 'port')
  if (port !== null) variables.set('PORT', String(port))
  return Object.fromEntries(variables)
}
