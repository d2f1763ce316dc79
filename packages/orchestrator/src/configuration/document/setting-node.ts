import type { Path, Place, Source } from './place.ts'

export type Scalar = string | number | boolean | null

interface Located {
  /** Where the value stands. */
  readonly place: Place
  /** Where its key stands; the value's own place for the items of a list. */
  readonly keyPlace: Place
}

interface ScalarNode extends Located {
  readonly kind: 'scalar'
  readonly value: Scalar
}

interface ListNode extends Located {
  readonly kind: 'list'
  readonly items: readonly SettingNode[]
}

export interface SectionNode extends Located {
  readonly kind: 'section'
  readonly entries: ReadonlyMap<string, SettingNode>
  /** An entry was taken out because it is wrong, so that what is missing is not reported again. */
  readonly damaged: boolean
}

/**
 * A value of the configuration that knows where it came from. Layers of the configuration (files,
 * environment, presets, defaults) are trees of these; merging them keeps each value's place, from
 * which problems and `config --resolved` name file and line.
 */
export type SettingNode = ScalarNode | ListNode | SectionNode

export type PlainValue = Scalar | readonly PlainValue[] | { readonly [key: string]: PlainValue }

/** The value without its places. Own keys only, so that `__proto__` is a key like any other. */
export function plainValue(node: SettingNode): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainValue)
    case 'section':
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, plainValue(value)]))
  }
}

/** A tree whose every value has the same source, such as a preset or the defaults. */
export function nodeFrom(value: PlainValue, source: Source, path: Path = []): SettingNode {
  const place: Place = { source, offset: 0, path }
  const located = { place, keyPlace: place }
  if (value === null || typeof value !== 'object') return { kind: 'scalar', value, ...located }
  if (isList(value)) {
    const items = value.map((item, index) => nodeFrom(item, source, [...path, index]))
    return { kind: 'list', items, ...located }
  }
  const entries = Object.entries(value).map(
    ([key, item]) => [key, nodeFrom(item, source, [...path, key])] as const,
  )
  return { kind: 'section', entries: new Map(entries), damaged: false, ...located }
}

/** An empty section with a place, to hang entries on. */
export function sectionOf(
  entries: Iterable<readonly [string, SettingNode]>,
  at: Located,
  damaged = false,
): SectionNode {
  const { place, keyPlace } = at
  return { kind: 'section', entries: new Map(entries), place, keyPlace, damaged }
}

/** The node at a path below `node`. */
export function nodeAt(node: SettingNode | undefined, path: Path): SettingNode | undefined {
  let here = node
  for (const key of path) {
    if (here?.kind === 'section') here = here.entries.get(String(key))
    else if (here?.kind === 'list') here = here.items[Number(key)]
    else return undefined
  }
  return here
}

/** The section at a path, or undefined where there is none or something else. */
export function sectionAt(
  node: SettingNode | undefined,
  ...path: string[]
): SectionNode | undefined {
  const found = nodeAt(node, path)
  return found?.kind === 'section' ? found : undefined
}

/**
 * The tree without the values at these paths; a wrong item of a list takes the list with it. Every
 * section on the way is marked as damaged.
 */
export function withoutNodes(node: SettingNode, paths: readonly Path[]): SettingNode | undefined {
  if (paths.length === 0) return node
  if (node.kind !== 'section' || paths.some((path) => path.length === 0)) return undefined
  const below = new Map<string, Path[]>()
  for (const [key, ...rest] of paths) {
    const others = below.get(String(key))
    if (others === undefined) below.set(String(key), [rest])
    else others.push(rest)
  }
  const entries = [...node.entries].flatMap(([key, child]) => {
    const left = withoutNodes(child, below.get(key) ?? [])
    return left === undefined ? [] : [[key, left] as const]
  })
  return { ...node, entries: new Map(entries), damaged: true }
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value)
}
