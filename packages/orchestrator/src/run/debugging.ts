import { basename } from 'node:path'

import type { CommandLine } from '../configuration/index.ts'

/** Any free port, on this machine only: a debugger may do whatever the user may. */
const INSPECT = '--inspect=127.0.0.1:0'

/** A command and its environment, made ready for a debugger. */
export interface DebuggedProgram {
  readonly command: CommandLine
  readonly env: Readonly<Record<string, string>>
}

/**
 * Makes a program open Node's inspector. `node` itself is told on its command line, so that its
 * children are left alone; for anything else (a package script, `tsx`, a shell) the Node below it
 * is told through NODE_OPTIONS. Programs that are not Node take no notice.
 */
export function debugged(
  command: CommandLine,
  env: Readonly<Record<string, string>>,
): DebuggedProgram {
  if (command.kind === 'exec') {
    const [program, ...args] = command.argv
    if (/^node(?:\.exe)?$/i.test(basename(program))) {
      if (args.some((arg) => /^--inspect(?:-brk|-wait)?(?:=|$)/.test(arg))) return { command, env }
      return { command: { kind: 'exec', argv: [program, INSPECT, ...args] }, env }
    }
  }
  const options = env['NODE_OPTIONS'] ?? ''
  if (options.includes('--inspect')) return { command, env }
  return { command, env: { ...env, NODE_OPTIONS: `${options} ${INSPECT}`.trim() } }
}

/** The address that Node prints when its inspector is open; `null` in any other line. */
export function inspectorIn(line: string): string | null {
  return /^Debugger listening on (ws:\/\/\S+)$/.exec(line.trim())?.[1] ?? null
}
