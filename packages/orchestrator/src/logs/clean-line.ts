// Every escape below is written as it stands in ECMA-48; "\u001b" is ESC, "\u009b" the one-byte CSI.
const sources = {
  color: '\\u001b\\[[0-9;:]*m',
  // Parameters, intermediates, final byte; unfinished at the end of the line.
  control: '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*(?:[@-~]|$)',
  // Titles and links (OSC, ended by BEL or ST), device control and privacy messages (ended by ST).
  string:
    '(?:\\u001b\\]|\\u009d)[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c|$)|(?:\\u001b[PX^_]|[\\u0090\\u0098\\u009e\\u009f])[^\\u001b\\u009c]*(?:\\u001b\\\\|\\u009c|$)',
  escape: '\\u001b[ -/]*[0-~]?',
  text: '[\\t\\u0020-\\u007e\\u00a0-\\uffff]+',
  // Whatever is left is one control character.
  rest: '[^]',
} as const

const tokens = new RegExp(
  Object.entries(sources)
    .map(([name, source]) => `(?<${name}>${source})`)
    .join('|'),
  'g',
)
const colors = new RegExp(sources.color, 'g')
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const anyControl = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/
// "To column one" and "erase the whole line" begin the line anew, as a carriage return does.
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const startOver = /^(?:\u001b\[|\u009b)(?:[01]?G|2K)$/
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const reset = /^\u001b\[0*m$/

/**
 * One line of a program's output made safe to print among others': nothing moves the cursor, rings,
 * or sets a title. Colors stay. Of a line that was written over and over (a progress bar) what was
 * written last stays.
 */
export function cleanLine(text: string): string {
  if (!anyControl.test(text)) return text
  const line = new WrittenLine()
  for (const { 0: token, groups = {} } of text.matchAll(tokens)) {
    if (groups['text'] !== undefined) line.write(token)
    else if (groups['color'] !== undefined) line.color(token)
    else if (token === '\r' || startOver.test(token)) line.startOver()
    else if (token === '\b') line.erase()
  }
  return line.text()
}

/** The text without its colors. Cursor movement and the rest are `cleanLine`'s. */
export function stripColors(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(colors, '') : text
}

// Foreground, background and a few attributes; a line that sets more at each step is hostile.
const maxCarried = 16

type Piece = { readonly kind: 'text' | 'color'; readonly text: string }

/** What a terminal's line holds while it is written. */
class WrittenLine {
  #pieces: Piece[] = []
  /** Where in the pieces there is text left, so that a backspace finds it at once. */
  #texts: number[] = []
  /** The last writing that had text: a line that ends in a carriage return still shows it. */
  #before: readonly Piece[] = []
  /** How many of the pieces are colors from before the line was begun anew. */
  #carried = 0

  write(text: string): void {
    this.#texts.push(this.#pieces.length)
    this.#pieces.push({ kind: 'text', text })
  }

  color(text: string): void {
    this.#pieces.push({ kind: 'color', text })
  }

  startOver(): void {
    if (this.#texts.length > 0) this.#before = this.#pieces
    // The colors set so far still hold; those before a reset do not.
    const set = this.#pieces.filter((piece) => piece.kind === 'color').slice(-maxCarried)
    this.#pieces = set.slice(set.findLastIndex((piece) => reset.test(piece.text)) + 1)
    this.#texts = []
    this.#carried = this.#pieces.length
  }

  erase(): void {
    const index = this.#texts.at(-1)
    const piece = index === undefined ? undefined : this.#pieces[index]
    if (index === undefined || piece === undefined) return
    const text = piece.text.replace(/[^]$/u, '')
    this.#pieces[index] = { kind: 'text', text }
    if (text === '') this.#texts.pop()
  }

  text(): string {
    const pieces =
      this.#texts.length > 0
        ? this.#pieces
        : [...this.#before, ...this.#pieces.slice(this.#carried)]
    return pieces.map((piece) => piece.text).join('')
  }
}
