import type { CommandWords } from '../command/command-words.ts'

/** The descriptor that the shim reads; the program itself never has it open. */
export const gateDescriptor = 3

/** The line that lets the program run. */
export const gateOpens = 'go\n'

// `read` fails at end of file: when this process dies, however, the program never runs.
const shim = `IFS= read -r __gate <&${gateDescriptor} || exit 125; exec ${gateDescriptor}<&-; unset __gate; exec "$@"`

/**
 * Wraps a command so that it waits for a line on a pipe and then becomes the program: `exec` keeps
 * the pid and the start time. Variables whose names a shell cannot hold are dropped by some shells
 * (dash), so they travel as arguments of `env`.
 */
export function gatedWords(
  words: CommandWords,
  env: Readonly<Record<string, string | undefined>>,
): CommandWords {
  const foreign = Object.entries(env)
    .filter(([name, value]) => value !== undefined && !/^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `${name}=${value}`)
  const carrier = foreign.length === 0 ? [] : ['/usr/bin/env', '--', ...foreign]
  return {
    file: '/bin/sh',
    args: ['-c', shim, 'gate', ...carrier, words.file, ...words.args],
    verbatim: false,
  }
}
