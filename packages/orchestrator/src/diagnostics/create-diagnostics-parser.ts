import type { Diagnostics } from '../configuration/workspace.ts'
import { cleanLine, stripColors } from '../logs/index.ts'
import { CargoHumanFormat } from './cargo-human.ts'
import { CargoJsonFormat } from './cargo-json.ts'
import {
  type Diagnostic,
  type DiagnosticsParser,
  type FormatParser,
  type Report,
} from './diagnostic.ts'
import { EsbuildFormat } from './esbuild.ts'
import { EslintFormat } from './eslint.ts'
import { GnuFormat } from './gnu.ts'
import { GoFormat } from './go.ts'
import { PatternFormat } from './pattern.ts'
import { TscFormat } from './tsc.ts'

// A broken build repeats itself: nobody reads more, and editors slow down.
const maxDiagnostics = 1_000
// For people's formats; a JSON message of cargo carries its rendered text and is longer.
const maxLineLength = 8_192

/**
 * A parser for what a build prints.
 *
 * `auto` knows all the tools at once, since one command may run several. It never guesses: what no
 * format matches is no diagnostic.
 *
 * @throws SyntaxError when `diagnostics` is a pattern that is no regular expression.
 */
export function createDiagnosticsParser(diagnostics: Diagnostics): DiagnosticsParser {
  const found = new Map<string, Diagnostic>()
  const report: Report = (diagnostic) => {
    // Cargo repeats what it said of a crate for its tests; a joint build names a file twice.
    const { file, line, column, message } = diagnostic
    const key = JSON.stringify([file, line, column, message])
    if (found.size < maxDiagnostics && !found.has(key)) found.set(key, diagnostic)
  }
  const formats = formatsOf(diagnostics, report)
  return {
    push(raw) {
      if (formats.length === 0) return
      const line = raw.startsWith('{"') ? raw : stripColors(cleanLine(raw.slice(0, maxLineLength)))
      for (const format of formats) format.push(line)
    },
    finish() {
      for (const format of formats) format.finish()
      return [...found.values()]
    },
  }
}

function formatsOf(diagnostics: Diagnostics, report: Report): readonly FormatParser[] {
  if (diagnostics.kind === 'off') return []
  if (diagnostics.kind === 'pattern') return [new PatternFormat(report, diagnostics.pattern)]
  return named[diagnostics.name](report)
}

type Name = Extract<Diagnostics, { readonly kind: 'named' }>['name']

const named: Readonly<Record<Name, (report: Report) => readonly FormatParser[]>> = {
  cargo: (report) => [new CargoHumanFormat(report, { known: true }), new CargoJsonFormat(report)],
  tsc: (report) => [new TscFormat(report)],
  esbuild: (report) => [new EsbuildFormat(report)],
  eslint: (report) => [new EslintFormat(report)],
  gnu: (report) => [new GnuFormat(report)],
  // cgo passes on what the C compiler says.
  go: (report) => [new GnuFormat(report), new GoFormat(report)],
  auto: (report) => [
    new CargoHumanFormat(report, { known: false }),
    new CargoJsonFormat(report),
    new TscFormat(report),
    new EsbuildFormat(report),
    new EslintFormat(report),
    new GnuFormat(report),
    new GoFormat(report),
  ],
}
