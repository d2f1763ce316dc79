import type { Place } from '../document/place.ts'
import type { ProblemList } from '../document/problem-list.ts'
import { itemsAt, optionalText } from '../document/read-setting.ts'
import { type SectionNode, type SettingNode, nodeAt, sectionAt } from '../document/setting-node.ts'
import { didYouMean } from '../schema/nearest-name.ts'
import { mergeNodes } from './merge-nodes.ts'

/** A target that extends a built-in preset. */
export interface PresetRequest {
  readonly preset: string
  readonly target: string
  /** As it is written, relative to the root. */
  readonly cwd: string
  /** Where the preset is named. */
  readonly place: Place
}

/** The presets that ship with Singletrack, and what they say for one target. */
export interface BuiltInPresets {
  readonly names: readonly string[]
  /** The resources that they build with, as a layer beneath the files. */
  readonly resources: SettingNode | undefined
  settingsFor(request: PresetRequest): SettingNode | undefined
}

export interface Composition {
  /** Files without their faults, weakest first. */
  readonly layers: readonly SettingNode[]
  /** Names of presets that are there but wrong; using them is not a second problem. */
  readonly knownPresets: ReadonlySet<string>
  readonly builtIn: BuiltInPresets
  readonly problems: ProblemList
}

/** Presets under presets, with a limit of its own so that a hostile file ends. */
const maxPresets = 100

/** Each target with its presets applied, in the order of the files. */
export function composeTargets(composition: Composition): ReadonlyMap<string, SectionNode> {
  for (const name of namesOf(composition.layers, 'presets')) {
    presetLayers(composition, layersOf(composition.layers, 'presets', name), [name])
  }
  const composed = new Map<string, SectionNode>()
  for (const name of namesOf(composition.layers, 'targets')) {
    const own = layersOf(composition.layers, 'targets', name)
    const merged = own.length === 0 ? undefined : composeTarget(composition, name, own)
    if (merged?.kind === 'section') composed.set(name, merged)
  }
  return composed
}

function composeTarget(
  composition: Composition,
  name: string,
  own: readonly SettingNode[],
): SettingNode | undefined {
  const layers = presetLayers(composition, own, [])
  const written = layers.flatMap((layer) => (layer.kind === 'written' ? [layer.node] : []))
  const cwd = optionalText(fold([...written, ...own]), 'cwd') ?? '.'
  const presets = layers.map((layer) =>
    layer.kind === 'written'
      ? layer.node
      : composition.builtIn.settingsFor({ ...layer, target: name, cwd }),
  )
  return fold([...presets, ...own])
}

type PresetLayer =
  | { readonly kind: 'written'; readonly node: SettingNode }
  | { readonly kind: 'built-in'; readonly preset: string; readonly place: Place }

/** What the `extends` of these layers stands for, weakest first. */
function presetLayers(
  composition: Composition,
  own: readonly SettingNode[],
  chain: readonly string[],
): readonly PresetLayer[] {
  const found: PresetLayer[] = []
  for (const item of extendsOf(own)) {
    if (found.length > maxPresets) {
      const message = `extends more than ${maxPresets} presets`
      composition.problems.add(item.place, message, 'extend fewer')
      break
    }
    if (item.kind !== 'scalar' || typeof item.value !== 'string') continue
    const name = item.value
    const isBuiltIn = composition.builtIn.names.includes(name)
    const layers = layersOf(composition.layers, 'presets', name)
    // A preset may refine the built-in one of its own name.
    if (layers.length > 0 && !(isBuiltIn && chain.at(-1) === name)) {
      if (chain.length >= maxPresets) {
        const message = `more than ${maxPresets} presets stand on each other`
        composition.problems.add(item.place, message, 'extend fewer')
        continue
      }
      if (chain.includes(name)) {
        const cycle = [...chain.slice(Math.max(0, chain.indexOf(name))), name].join(' → ')
        composition.problems.add(
          item.place,
          `presets extend each other: ${cycle}`,
          'remove one of these "extends"',
        )
        continue
      }
      found.push(...presetLayers(composition, layers, [...chain, name]))
      found.push(...layers.map((node) => ({ kind: 'written', node }) as const))
    } else if (isBuiltIn) {
      found.push({ kind: 'built-in', preset: name, place: item.place })
    } else if (!composition.knownPresets.has(name)) {
      const known = [...namesOf(composition.layers, 'presets'), ...composition.builtIn.names]
      composition.problems.add(item.place, `there is no preset "${name}"`, () =>
        didYouMean(name, known, 'presets'),
      )
    }
  }
  return found
}

/** The strongest `extends` counts alone: lists replace. */
function extendsOf(layers: readonly SettingNode[]): readonly SettingNode[] {
  const strongest = layers.findLast((layer) => nodeAt(layer, ['extends']) !== undefined)
  return itemsAt(strongest, 'extends')
}

/** The layers of one named thing, above the last one that removed it with null. */
function layersOf(
  layers: readonly SettingNode[],
  section: string,
  name: string,
): readonly SettingNode[] {
  const found = layers.flatMap((layer) => nodeAt(layer, [section, name]) ?? [])
  const removed = found.findLastIndex((node) => node.kind === 'scalar' && node.value === null)
  return found.slice(removed + 1)
}

/** The names in a section of all layers, in their order. */
export function namesOf(layers: readonly SettingNode[], section: string): ReadonlySet<string> {
  return new Set(layers.flatMap((layer) => [...(sectionAt(layer, section)?.entries.keys() ?? [])]))
}

function fold(layers: readonly (SettingNode | undefined)[]): SettingNode | undefined {
  let folded: SettingNode | undefined
  for (const layer of layers) folded = mergeNodes(folded, layer)
  return folded
}
