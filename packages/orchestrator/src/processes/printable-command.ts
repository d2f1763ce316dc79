// Enough for a program, a script and its first arguments on one line of a terminal.
const maxLength = 120

/** A command line from another process made fit for a terminal: one line, no control characters. */
export function printableCommand(words: readonly string[]): string {
  const text = words
    .join(' ')
    // Controls, and the format characters that turn the direction of text.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`
}
