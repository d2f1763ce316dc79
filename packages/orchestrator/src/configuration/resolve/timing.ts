import { optionalDuration, readDuration } from '../document/read-setting.ts'
import { type SectionNode, type SettingNode, nodeAt } from '../document/setting-node.ts'
import { workspaceDefaults } from '../layers/default-settings.ts'
import { formatDuration, parseDuration } from '../schema/duration.ts'

/** What is written at a place of the file beats what is general, but not a flag or a variable. */
export function withoutOverridden(top: SettingNode, target: SectionNode): SectionNode {
  const entries = [...target.entries].filter(([key]) => !isOverridden(top, key))
  return { ...target, entries: new Map(entries) }
}

function isOverridden(top: SettingNode, key: string): boolean {
  if (key !== 'debounce' && key !== 'maxWait') return false
  const kind = nodeAt(top, [key])?.place.source.kind
  return kind === 'flag' || kind === 'environment'
}

/** Who asks for a long debounce does not want it cut short by the default ceiling. */
export function defaultMaxWait(node: SettingNode | undefined): string {
  const ms = optionalDuration(node, 'debounce')
  if (ms === null) return workspaceDefaults.maxWait
  return formatDuration(Math.max(parseDuration(workspaceDefaults.maxWait) ?? 0, 8 * ms))
}

/** The times of one target: its own, else those of the workspace. */
export function timingOf(
  top: SettingNode,
  target: SectionNode,
): { readonly debounceMs: number; readonly maxWaitMs: number } {
  const debounceMs = optionalDuration(target, 'debounce') ?? readDuration(top, 'debounce')
  const isGeneralDefault = nodeAt(top, ['maxWait'])?.place.source.kind === 'default'
  const general =
    isGeneralDefault && target.entries.has('debounce')
      ? (parseDuration(defaultMaxWait(target)) ?? debounceMs)
      : readDuration(top, 'maxWait')
  return { debounceMs, maxWaitMs: optionalDuration(target, 'maxWait') ?? general }
}
