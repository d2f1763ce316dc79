import type { Path, Source } from '../document/place.ts'
import type { ProblemList } from '../document/problem-list.ts'
import { type PlainValue, type SettingNode, nodeFrom, sectionOf } from '../document/setting-node.ts'
import { nearestName } from '../schema/nearest-name.ts'
import { mergeNodes } from './merge-nodes.ts'

/** Settings from the command line; the names are those of the configuration. */
export interface ConfigurationFlags {
  readonly debounce?: string | undefined
  readonly singleDebounce?: string | undefined
  readonly maxWait?: string | undefined
  readonly policy?: string | undefined
  readonly concurrency?: number | undefined
  readonly gitignore?: boolean | undefined
  readonly backend?: string | undefined
  readonly poll?: boolean | undefined
  readonly followSymlinks?: boolean | undefined
}

interface Override {
  readonly path: Path
  readonly flag: keyof ConfigurationFlags
  readonly variable: string
  readonly type: 'text' | 'number' | 'boolean'
}

/** What a flag or a variable can set; each beats the files. */
const overrides: readonly Override[] = [
  { path: ['debounce'], flag: 'debounce', variable: 'SINGLETRACK_DEBOUNCE', type: 'text' },
  {
    path: ['singleDebounce'],
    flag: 'singleDebounce',
    variable: 'SINGLETRACK_SINGLE_DEBOUNCE',
    type: 'text',
  },
  { path: ['maxWait'], flag: 'maxWait', variable: 'SINGLETRACK_MAX_WAIT', type: 'text' },
  { path: ['policy'], flag: 'policy', variable: 'SINGLETRACK_POLICY', type: 'text' },
  {
    path: ['concurrency'],
    flag: 'concurrency',
    variable: 'SINGLETRACK_CONCURRENCY',
    type: 'number',
  },
  { path: ['gitignore'], flag: 'gitignore', variable: 'SINGLETRACK_GITIGNORE', type: 'boolean' },
  { path: ['watcher', 'backend'], flag: 'backend', variable: 'SINGLETRACK_BACKEND', type: 'text' },
  { path: ['watcher', 'poll'], flag: 'poll', variable: 'SINGLETRACK_POLL', type: 'boolean' },
  {
    path: ['watcher', 'followSymlinks'],
    flag: 'followSymlinks',
    variable: 'SINGLETRACK_FOLLOW_SYMLINKS',
    type: 'boolean',
  },
]

/** The layer of `SINGLETRACK_*` variables. A misspelt one is a problem: ignored, it would mislead. */
export function environmentLayer(
  environment: Readonly<Record<string, string | undefined>>,
  problems: ProblemList,
): SettingNode | undefined {
  const known = overrides.map(({ variable }) => variable)
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('SINGLETRACK_') || known.includes(name) || foreign.has(name)) continue
    const nearest = nearestName(
      name.slice(12),
      known.map((each) => each.slice(12)),
    )
    if (nearest === null) continue
    const place = { source: { kind: 'environment', name } as const, offset: 0, path: [name] }
    problems.add(place, 'unknown variable', `did you mean "SINGLETRACK_${nearest}"?`)
  }
  let layer: SettingNode | undefined
  for (const { path, variable, type } of overrides) {
    const text = environment[variable]
    if (text === undefined || text === '') continue
    const source: Source = { kind: 'environment', name: variable }
    layer = mergeNodes(layer, leafAt(path, fromText(text, type), source))
  }
  return layer
}

/** Variables that other parts of Singletrack set for child processes. */
const foreign: ReadonlySet<string> = new Set(['SINGLETRACK_JOB', 'SINGLETRACK_HELD'])

/** The layer of flags. */
export function flagLayer(flags: ConfigurationFlags): SettingNode | undefined {
  let layer: SettingNode | undefined
  for (const { path, flag } of overrides) {
    const value = flags[flag]
    if (value === undefined) continue
    const name = `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    layer = mergeNodes(layer, leafAt(path, value, { kind: 'flag', name }))
  }
  return layer
}

function fromText(text: string, type: Override['type']): PlainValue {
  switch (type) {
    case 'text':
      return text
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
    case 'boolean':
      if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return true
      return ['0', 'false', 'no', 'off'].includes(text.toLowerCase()) ? false : text
  }
}

function leafAt(path: Path, value: PlainValue, source: Source): SettingNode {
  const leaf = nodeFrom(value, source, path)
  return path.toReversed().reduce((node, key) => sectionOf([[String(key), node]], leaf), leaf)
}
