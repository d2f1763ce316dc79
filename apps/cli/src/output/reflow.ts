import { stripVTControlCharacters } from 'node:util'

/** How many rows lines take that were written when the terminal was wider. */
export function rowsAfterReflow(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => {
    const width = stripVTControlCharacters(line).length
    return rows + Math.max(1, Math.ceil(width / Math.max(1, columns)))
  }, 0)
}

/**
 * Whether the terminal breaks long lines anew when it gets narrower. Nearly all do; xterm, rxvt and
 * the Linux console cut them off.
 */
export function reflowsLines({ TERM = '', XTERM_VERSION: xterm }: NodeJS.ProcessEnv): boolean {
  return xterm === undefined && !TERM.startsWith('rxvt') && TERM !== 'linux'
}

/** Erases the row of the cursor and so many above it; the cursor is at the start of the topmost then. */
export const eraseRowsAbove = (rows: number): string =>
  `${ERASE_ROW}${`${ROW_UP}${ERASE_ROW}`.repeat(rows)}${TO_ROW_START}`

const ERASE_ROW = '\u001B[2K'
const ROW_UP = '\u001B[1A'
const TO_ROW_START = '\u001B[G'
