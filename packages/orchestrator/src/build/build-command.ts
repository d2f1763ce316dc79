import type { Build, CommandLine, JointArgument, Target } from '../configuration/index.ts'

/** A target that has a build. */
export type BuildTarget = Target & { readonly build: Build }

/** Whether a target has a build. */
export const hasBuild = (target: Target): target is BuildTarget => target.build !== null

/**
 * The command that builds these targets: the joint template filled in when there are several, the
 * target's own command when there is one.
 */
export function buildCommand(members: readonly [BuildTarget, ...BuildTarget[]]): CommandLine {
  const [first] = members
  if (members.length === 1 || first.build.joint === null) return first.build.command
  return { kind: 'exec', argv: fillTemplate(first.build.joint, members) }
}

/**
 * What makes targets fit into one command: the same template before its placeholders, the same
 * directory and resources. `null` when the target is built alone.
 */
export function jointKey(target: BuildTarget): string | null {
  const { joint, uses } = target.build
  if (joint === null) return null
  const literals = joint.map((argument) => (argument.kind === 'literal' ? argument.text : null))
  return JSON.stringify([target.cwd, literals, Object.entries(uses).toSorted(byName)])
}

/** The command as people write it, for messages. */
export function describeCommand(command: CommandLine): string {
  if (command.kind === 'shell') return command.line
  return command.argv
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(' ')
}

function fillTemplate(
  template: readonly JointArgument[],
  members: readonly BuildTarget[],
): readonly [string, ...string[]] {
  const argv: string[] = []
  for (const [index, argument] of template.entries()) {
    if (argument.kind === 'literal') {
      argv.push(argument.text)
      continue
    }
    for (const member of members) {
      const own = member.build.joint?.[index]
      if (own?.kind === 'each') argv.push(...own.texts)
    }
  }
  const [program, ...rest] = argv
  if (program === undefined) throw new Error('a joint template is never empty')
  return [program, ...rest]
}

/** Puts the entries of a record in one order for all. */
export const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1
