import { cleanLine, stripColors } from '../logs/index.ts'
import type { Diagnostic } from './diagnostic.ts'

// Fits a status block, and holds the message of most tools.
const shownLines = 5

/**
 * What to say of a failed build in one breath: its first error with its place; for output that
 * nobody understood its last five lines with text, as they are, or that there are none.
 */
export function headline(diagnostics: readonly Diagnostic[], lastLines: readonly string[]): string {
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'error')
  if (error !== undefined) return describe(error)
  const said = lastLines
    .map((line) => stripColors(cleanLine(line)).trimEnd())
    .filter((line) => line !== '')
    .slice(-shownLines)
  return said.length === 0 ? 'it printed nothing' : said.join('\n')
}

function describe({ file, line, column, message }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== null).join(':')
  return file === null ? message : `${place} ${message}`
}
