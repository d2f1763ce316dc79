import { type SectionNode, type SettingNode, sectionOf } from '../document/setting-node.ts'

/** Of these, one excludes the others: a target that says `http` drops its preset's `port`. */
const alternatives: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['ready', new Set(['port', 'http', 'output', 'exec', 'lambda'])],
])

/**
 * Lays one layer over another: objects merge, arrays and scalars replace, null removes. Apply from
 * the weakest to the strongest layer. Null leaves nothing behind: it removes what is below it, and
 * a stronger layer may say something new.
 */
export function mergeNodes(
  lower: SettingNode | undefined,
  upper: SettingNode | undefined,
  key = '',
): SettingNode | undefined {
  if (upper === undefined) return lower
  if (upper.kind === 'scalar' && upper.value === null) return undefined
  if (upper.kind !== 'section') return upper
  const base = lower?.kind === 'section' ? lower : undefined
  const entries = new Map<string, SettingNode>()
  for (const [name, value] of base?.entries ?? []) {
    if (!upper.entries.has(name) && !isExcluded(key, name, upper)) entries.set(name, value)
  }
  return sectionOf(
    inOrder(base, upper, (name) =>
      upper.entries.has(name)
        ? mergeNodes(base?.entries.get(name), upper.entries.get(name), name)
        : entries.get(name),
    ),
    upper,
    upper.damaged || base?.damaged === true,
  )
}

/** The entries of both, in the order of the lower one, then what is new. */
function* inOrder(
  lower: SectionNode | undefined,
  upper: SectionNode,
  value: (name: string) => SettingNode | undefined,
): Generator<readonly [string, SettingNode]> {
  for (const name of new Set([...(lower?.entries.keys() ?? []), ...upper.entries.keys()])) {
    const merged = value(name)
    if (merged !== undefined) yield [name, merged]
  }
}

function isExcluded(key: string, name: string, upper: SectionNode): boolean {
  const group = alternatives.get(key)
  return group?.has(name) === true && [...group].some((other) => upper.entries.has(other))
}
