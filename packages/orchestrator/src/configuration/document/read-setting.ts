import { parseDuration } from '../schema/duration.ts'
import { formatPath } from './place.ts'
import { type Scalar, type SectionNode, type SettingNode, nodeAt } from './setting-node.ts'

/**
 * Typed reading of a tree that passed the schema and has its defaults. A setting that is not there,
 * or of another type, is a defect of this package, not of the configuration.
 */
export function readText(node: SettingNode | undefined, ...path: string[]): string {
  return defined(optionalText(node, ...path), path)
}

export function optionalText(node: SettingNode | undefined, ...path: string[]): string | null {
  const value = scalarAt(node, path)
  return typeof value === 'string' ? value : null
}

export function readNumber(node: SettingNode | undefined, ...path: string[]): number {
  return defined(optionalNumber(node, ...path), path)
}

export function optionalNumber(node: SettingNode | undefined, ...path: string[]): number | null {
  const value = scalarAt(node, path)
  return typeof value === 'number' ? value : null
}

export function readBoolean(node: SettingNode | undefined, ...path: string[]): boolean {
  return defined(optionalBoolean(node, ...path), path)
}

export function optionalBoolean(node: SettingNode | undefined, ...path: string[]): boolean | null {
  const value = scalarAt(node, path)
  return typeof value === 'boolean' ? value : null
}

/** Milliseconds. */
export function readDuration(node: SettingNode | undefined, ...path: string[]): number {
  return defined(optionalDuration(node, ...path), path)
}

export function optionalDuration(node: SettingNode | undefined, ...path: string[]): number | null {
  const text = optionalText(node, ...path)
  return text === null ? null : parseDuration(text)
}

/** One of the words that the schema allows. */
export function readWord<Word extends string>(
  words: readonly Word[],
  node: SettingNode | undefined,
  ...path: string[]
): Word {
  const text = optionalText(node, ...path)
  return defined(words.find((word) => word === text) ?? null, path)
}

/** The items of a list; none where there is no list. */
export function itemsAt(node: SettingNode | undefined, ...path: string[]): readonly SettingNode[] {
  const found = nodeAt(node, path)
  return found?.kind === 'list' ? found.items : []
}

/** The entries of a section; none where there is no section. */
export function entriesAt(
  node: SettingNode | undefined,
  ...path: string[]
): readonly (readonly [string, SettingNode])[] {
  const found = nodeAt(node, path)
  return found?.kind === 'section' ? [...found.entries] : []
}

/** The entries of a section that are sections. */
export function sectionsAt(
  node: SettingNode | undefined,
  ...path: string[]
): readonly (readonly [string, SectionNode])[] {
  return entriesAt(node, ...path).flatMap(([name, value]) =>
    value.kind === 'section' ? [[name, value] as const] : [],
  )
}

function scalarAt(node: SettingNode | undefined, path: readonly string[]): Scalar | undefined {
  const found = nodeAt(node, path)
  return found?.kind === 'scalar' ? found.value : undefined
}

function defined<Value>(value: Value | null, path: readonly string[]): Value {
  if (value === null) throw new Error(`Internal error: no setting at ${formatPath(path)}`)
  return value
}
