/** What a command may write to and learn from; tests pass their own. */
export interface Terminal {
  /** For machines: results and NDJSON. */
  writeOut(text: string): void
  /** For people: everything else. */
  writeError(text: string): void
  readonly colors: boolean
  /** Whether a person reads it and sees lines being redrawn. */
  readonly interactive: boolean
}

export type ColorChoice = 'auto' | 'always' | 'never'

/** The process's own streams. `NO_COLOR`, `FORCE_COLOR` and dumb terminals are honored. */
export function processTerminal(choice: ColorChoice, people: 'stdout' | 'stderr'): Terminal {
  const stream = process[people]
  return {
    writeOut: (text) => void process.stdout.write(text),
    writeError: (text) => void stream.write(text),
    colors: choice === 'auto' ? wantsColors(stream, process.env) : choice === 'always',
    interactive: stream.isTTY && process.env['TERM'] !== 'dumb' && process.env['CI'] === undefined,
  }
}

function wantsColors(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv,
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = environment
  if (no !== undefined && no !== '') return false
  if (force !== undefined) return force !== '0' && force !== 'false'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}
