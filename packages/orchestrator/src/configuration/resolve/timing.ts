import { optionalDuration, readDuration } from '../document/read-setting.ts'
import { type SectionNode, type SettingNode, nodeAt } from '../document/setting-node.ts'
import { workspaceDefaults } from '../layers/default-settings.ts'
import { formatDuration, parseDuration } from '../schema/duration.ts'

/** What is written at a place of the file beats what is general, but not a flag or a variable. */
export function withoutOverridden(top: SettingNode, target: SectionNode): SectionNode {
  const entries = [...target.entries].filter(([key]) => !isOverridden(top, key))
  return { ...target, entries: new Map(entries) }
}

const keys: readonly string[] = ['debounce', 'singleDebounce', 'maxWait']

function isOverridden(top: SettingNode, key: string): boolean {
  if (!keys.includes(key)) return false
  const kind = nodeAt(top, [key])?.place.source.kind
  return kind === 'flag' || kind === 'environment'
}

/** Who asks for a long debounce does not want it cut short by the default ceiling. */
export function defaultMaxWait(node: SettingNode | undefined): string {
  const ms = optionalDuration(node, 'debounce')
  if (ms === null) return workspaceDefaults.maxWait
  return formatDuration(Math.max(parseDuration(workspaceDefaults.maxWait) ?? 0, 8 * ms))
}

/** Who asks for another debounce wants it for every change. */
export function defaultSingleDebounce(node: SettingNode | undefined): string {
  const ms = optionalDuration(node, 'debounce')
  return ms === null ? workspaceDefaults.singleDebounce : formatDuration(ms)
}

/** When the changes of a target count; see the watcher's options of these names. */
export interface Timing {
  readonly debounceMs: number
  readonly singleDebounceMs: number
  readonly maxWaitMs: number
}

/** The times of one target: its own, else those of the workspace. */
export function timingOf(top: SettingNode, target: SectionNode): Timing {
  const own = (key: string, defaultOf: (node: SettingNode) => string): number => {
    const isGeneralDefault = nodeAt(top, [key])?.place.source.kind === 'default'
    const general =
      isGeneralDefault && target.entries.has('debounce') ? parseDuration(defaultOf(target)) : null
    return optionalDuration(target, key) ?? general ?? readDuration(top, key)
  }
  return {
    debounceMs: optionalDuration(target, 'debounce') ?? readDuration(top, 'debounce'),
    singleDebounceMs: own('singleDebounce', defaultSingleDebounce),
    maxWaitMs: own('maxWait', defaultMaxWait),
  }
}
