import { type SectionNode, type SettingNode, sectionOf } from '../document/setting-node.ts'

/**
 * Writes a layer's shorthands out, so that layers merge whatever form they use:
 * `"run": […]` is `"run": { "command": […] }`, `"shell": "…"` is `"command": { "shell": "…" }`,
 * `"cpu": 2` is `"cpu": { "capacity": 2 }`, and single names of `extends` and `envFile` are lists.
 */
export function normalizeShorthands(layer: SettingNode): SettingNode {
  return mapEntries(layer, (value, key) => {
    switch (key) {
      case 'targets':
      case 'presets':
        return mapEntries(value, normalizeTarget)
      case 'resources':
        return mapEntries(value, normalizeResource)
      default:
        return value
    }
  })
}

/** The same for one target or preset. */
function normalizeTarget(target: SettingNode): SettingNode {
  return mapEntries(target, (value, key) => {
    switch (key) {
      case 'build':
      case 'run':
        return normalizeCommand(value)
      case 'extends':
      case 'envFile':
        return value.kind === 'scalar' && value.value !== null ? listOf(value) : value
      default:
        return value
    }
  })
}

function normalizeCommand(node: SettingNode): SettingNode {
  if (node.kind === 'list') return sectionOf([['command', node]], node)
  if (node.kind !== 'section') return node
  const shell = node.entries.get('shell')
  if (shell === undefined) return node
  const entries = new Map(node.entries)
  entries.delete('shell')
  const isNull = shell.kind === 'scalar' && shell.value === null
  entries.set('command', isNull ? shell : sectionOf([['shell', shell]], shell))
  return { ...node, entries }
}

function normalizeResource(node: SettingNode): SettingNode {
  const isCapacity = node.kind === 'scalar' && node.value !== null
  return isCapacity ? sectionOf([['capacity', node]], node) : node
}

function listOf(node: SettingNode): SettingNode {
  return { kind: 'list', items: [node], place: node.place, keyPlace: node.keyPlace }
}

function mapEntries(
  node: SettingNode,
  change: (value: SettingNode, key: string) => SettingNode,
): SettingNode {
  if (node.kind !== 'section') return node
  const entries = [...node.entries].map(([key, value]) => [key, change(value, key)] as const)
  const changed: SectionNode = { ...node, entries: new Map(entries) }
  return changed
}
