import path from 'node:path'

import { type Path, type Place, formatPath, lineAt } from '../document/place.ts'
import { type SectionNode, type SettingNode, plainValue } from '../document/setting-node.ts'
import type { Setting } from '../workspace.ts'

/** Every value that is in force, with where it came from. Lists are one value. */
export function listSettings(
  root: string,
  top: SettingNode,
  targets: ReadonlyMap<string, SectionNode>,
): readonly Setting[] {
  return [
    ...leaves(root, top, []),
    ...[...targets].flatMap(([name, node]) => leaves(root, node, ['targets', name])),
  ]
}

function leaves(root: string, node: SettingNode, at: Path): readonly Setting[] {
  if (node.kind === 'section')
    return [...node.entries].flatMap(([key, value]) => leaves(root, value, [...at, key]))
  return [
    { path: formatPath(at), value: plainValue(node), origin: describeOrigin(root, node.place) },
  ]
}

function describeOrigin(root: string, { source, offset, path: at }: Place): string {
  switch (source.kind) {
    case 'file': {
      const line = `${path.relative(root, source.file)}:${lineAt(source, offset).line}`
      return at[0] === 'presets' ? `preset ${String(at[1])} (${line})` : line
    }
    case 'flag':
      return `flag ${source.name}`
    case 'environment':
      return `environment ${source.name}`
    case 'preset':
      return `preset ${source.name}`
    case 'detected':
      return 'detected'
    case 'default':
      return 'default'
  }
}
