import path from 'node:path'

import type { ProblemList } from '../document/problem-list.ts'
import { type PlainValue, type SettingNode, nodeFrom } from '../document/setting-node.ts'
import type { BuiltInPresets, PresetRequest } from '../layers/compose-targets.ts'
import { mergeNodes } from '../layers/merge-nodes.ts'
import { cargoPreset } from './cargo-preset.ts'
import { cargoDirectories, cargoResources } from './cargo-resources.ts'
import { type Fault, isFault } from './fault.ts'
import { nodePreset } from './node-preset.ts'
import { packageLinks } from './package-links.ts'
import { packageScriptPreset } from './package-script-preset.ts'
import type { PresetFacts } from './preset-facts.ts'

/** The presets that ship with Singletrack. */
export const presetNames = ['cargo', 'cargo-lambda', 'node', 'package-script'] as const
export type PresetName = (typeof presetNames)[number]

export interface BuiltInPresetOptions {
  readonly root: string
  readonly facts: PresetFacts
  /** All targets that extend a built-in preset, so that packages find each other's targets. */
  readonly requests: readonly PresetRequest[]
  readonly problems: ProblemList
  readonly parallelism: number
  readonly platform: NodeJS.Platform
}

/** Presets that only remember by whom they were asked for. */
export function recordingPresets(requests: PresetRequest[]): BuiltInPresets {
  return {
    names: presetNames,
    resources: undefined,
    settingsFor(request) {
      requests.push(request)
      return undefined
    },
  }
}

/** The presets with the facts that they need. */
export function builtInPresets(options: BuiltInPresetOptions): BuiltInPresets {
  const links = packageLinks(options.requests, options.facts, options.root)
  return {
    names: presetNames,
    resources: presetResources(options),
    settingsFor(request) {
      const settings = settingsOf(request, options, links)
      const source = { kind: 'preset', name: request.preset } as const
      if (!isFault(settings)) return nodeFrom(settings, source)
      const { message, remedy } = settings
      options.problems.add(request.place, `preset "${request.preset}": ${message}`, remedy)
      // The target lacks what the preset cannot say; that is no second problem.
      const empty = nodeFrom({}, source)
      const damaged: SettingNode = empty.kind === 'section' ? { ...empty, damaged: true } : empty
      return damaged
    },
  }
}

function settingsOf(
  { preset, target, cwd }: PresetRequest,
  { root, facts, platform }: BuiltInPresetOptions,
  links: ReturnType<typeof packageLinks>,
): Readonly<Record<string, PlainValue>> | Fault {
  const directory = path.resolve(root, cwd)
  switch (preset) {
    case 'cargo':
    case 'cargo-lambda': {
      const cargo = facts.cargo.get(directory)
      if (cargo === undefined || isFault(cargo)) return cargo ?? unknownDirectory
      const known = cargoResourcesOf(facts)
      const names = cargoDirectories(cargo).flatMap((each) => known.get(each)?.name ?? [])
      const resources = [...new Set(names)]
      return cargoPreset({ name: target, root, cargo, resources, flavor: preset, platform })
    }
    case 'package-script': {
      const manifest = facts.packages.get(directory)
      if (manifest === undefined || isFault(manifest)) return manifest ?? unknownDirectory
      const manager = facts.managers.get(directory) ?? 'npm'
      const { libraries, dependsOn } = links.get(target) ?? { libraries: [], dependsOn: [] }
      return packageScriptPreset({ root, manifest, manager, libraries, dependsOn })
    }
    default:
      return nodePreset
  }
}

const unknownDirectory: Fault = {
  kind: 'fault',
  message: 'its directory is unknown',
  remedy: 'write "cwd" without placeholders',
}

function presetResources({
  root,
  facts,
  parallelism,
}: BuiltInPresetOptions): SettingNode | undefined {
  const directories = [...cargoResourcesOf(facts)].map(([directory, { name, lock }]) => {
    const at = path.relative(root, directory).split(path.sep).join('/')
    return [name, { capacity: 1, at, ...(lock === name ? {} : { lock }) }] as const
  })
  const cargo = nodeFrom(
    { resources: Object.fromEntries(directories) },
    { kind: 'preset', name: 'cargo' },
  )
  if (facts.packages.size === 0) return cargo
  const cpu = { resources: { cpu: { capacity: parallelism } } }
  return mergeNodes(cargo, nodeFrom(cpu, { kind: 'preset', name: 'package-script' }))
}

function cargoResourcesOf({ cargo }: PresetFacts): ReturnType<typeof cargoResources> {
  return cargoResources([...cargo.values()].flatMap((each) => (isFault(each) ? [] : [each])))
}
