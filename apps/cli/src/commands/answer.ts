import type { GlobalArguments } from '../arguments.ts'
import type { Document } from '../documents/documents.ts'
import { documentLine } from '../output/document-line.ts'
import { type Terminal, processTerminal } from '../terminal.ts'

/**
 * Prints the one answer of a command: with `--json` one document on stdout, otherwise these lines.
 */
export function answer(
  args: GlobalArguments,
  document: Document,
  lines: (terminal: Terminal) => readonly string[],
): void {
  const terminal = processTerminal(args.color, 'stdout')
  terminal.writeOut(
    args.json
      ? documentLine(document)
      : lines(terminal)
          .map((line) => `${line}\n`)
          .join(''),
  )
}
