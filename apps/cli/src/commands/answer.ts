import type { GlobalArguments } from '../arguments.ts'
import { type Terminal, processTerminal } from '../terminal.ts'

/**
 * Prints the one answer of a command: with `--json` one document on stdout, otherwise these lines.
 */
export function answer(
  args: GlobalArguments,
  document: Readonly<Record<string, unknown>>,
  lines: (terminal: Terminal) => readonly string[],
): void {
  const terminal = processTerminal(args.color, 'stdout')
  terminal.writeOut(
    args.json
      ? `${JSON.stringify({ v: 1, ...document }, jsonValue)}\n`
      : lines(terminal)
          .map((line) => `${line}\n`)
          .join(''),
  )
}

/** Generations of locks are too large for a JSON number. */
const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value
