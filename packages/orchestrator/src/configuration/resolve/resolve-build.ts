import {
  entriesAt,
  itemsAt,
  optionalDuration,
  optionalText,
  readText,
  readWord,
} from '../document/read-setting.ts'
import { type SettingNode, sectionAt } from '../document/setting-node.ts'
import type { Build, Diagnostics, JointArgument } from '../workspace.ts'
import { type TargetContext, commandAt, expand } from './target-context.ts'

/** The build of a target; null if it has none, or one without a command. */
export function resolveBuild(context: TargetContext): Build | null {
  const build = sectionAt(context.node, 'build')
  if (build === undefined) return null
  const command = commandAt(context, build.entries.get('command'))
  if (command === null) {
    if (!build.damaged)
      context.problems.add(
        build.place,
        'has no command',
        'add "command": ["program", "argument"], or null for no build',
      )
    return null
  }
  const joint = build.entries.get('joint')
  return {
    command,
    joint: joint === undefined ? null : itemsAt(joint).map((item) => jointArgument(context, item)),
    uses: usesOf(build.entries.get('uses')),
    onBusy: readWord(['queue', 'restart', 'ignore'], build, 'onBusy'),
    timeoutMs: optionalDuration(build, 'timeout'),
    diagnostics: diagnosticsOf(build.entries.get('diagnostics')),
  }
}

/** `each` is resolved for this target; the joint command takes it from every member. */
function jointArgument(context: TargetContext, item: SettingNode): JointArgument {
  if (item.kind === 'scalar') return { kind: 'literal', text: expand(item, context) }
  return { kind: 'each', texts: itemsAt(item, 'each').map((text) => expand(text, context)) }
}

/** Names with units; a name that is listed twice takes two. */
function usesOf(node: SettingNode | undefined): Readonly<Record<string, number>> {
  const units = new Map<string, number>()
  for (const item of itemsAt(node)) {
    const name = readText(item)
    units.set(name, (units.get(name) ?? 0) + 1)
  }
  for (const [name, amount] of entriesAt(node)) {
    if (amount.kind === 'scalar') units.set(name, Number(amount.value))
  }
  return Object.fromEntries(units)
}

function diagnosticsOf(node: SettingNode | undefined): Diagnostics {
  if (node?.kind === 'section') {
    const pattern = optionalText(node, 'pattern')
    return pattern === null ? { kind: 'off' } : { kind: 'pattern', pattern }
  }
  const names = ['auto', 'cargo', 'tsc', 'esbuild', 'eslint', 'gnu', 'go'] as const
  if (readText(node) === 'off') return { kind: 'off' }
  return { kind: 'named', name: readWord(names, node) }
}
