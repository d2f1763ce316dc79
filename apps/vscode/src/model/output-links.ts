/** A place that a line of output names. */
export interface OutputLink {
  /** Where the text of the link begins and ends in the line. */
  readonly start: number
  readonly end: number
  /** As printed; the path of a `file:` URL. */
  readonly file: string
  /** One-based. */
  readonly line: number
  /** One-based; `null` when only a line is named. */
  readonly column: number | null
}

/** Longer lines are data, not messages: looking for links in them would cost and find nothing. */
const MAX_LINE_LENGTH = 2_000

/** Node names the modules in its stack traces by their URL. */
const SCHEME = 'file://'

/** A path has a dot or a slash in it, and letters of any script. */
const PATH = String.raw`((?:${SCHEME}/?)?(?:[A-Za-z]:[\\/]|\.{0,2}[\\/])?[\p{L}\p{N}_@.[\]+~%-]+(?:[\\/][\p{L}\p{N}_@.[\]+~%-]+)*\.\w+)`
/** `src/a.ts:3:7`, `./a.rs:3`, `/abs/a.go:3:1`, `C:\a.ts:3:7`. */
const COLON = new RegExp(String.raw`${PATH}:(\d{1,7})(?::(\d{1,5}))?`, 'gu')
/** `src/a.ts(3,7)`, as tsc prints it. */
const PARENTHESES = new RegExp(String.raw`${PATH}\((\d{1,7}),(\d{1,5})\)`, 'gu')

/**
 * The places that a line names, in their order. A URL is none, unless it is that of a file.
 *
 * @param folders whose paths are known as they are, such as one with spaces in its name
 */
export function outputLinks(text: string, folders: readonly string[] = []): readonly OutputLink[] {
  if (text.length > MAX_LINE_LENGTH) return []
  const plain = withPlainFolders(text, folders)
  const links: OutputLink[] = []
  for (const pattern of [COLON, PARENTHESES]) {
    for (const { 0: whole, 1: path = '', 2: line = '1', 3: column, index } of plain.matchAll(
      pattern,
    )) {
      const printed = text.slice(index, index + path.length)
      const file = fileOf(printed)
      if (/\w:\/\/\S*$/.test(plain.slice(0, index) + (file === printed ? path : ''))) continue
      if (/^[\d.]+$/.test(file)) continue
      links.push({
        start: index,
        end: index + whole.length,
        file,
        line: Number(line),
        column: column === undefined ? null : Number(column),
      })
    }
  }
  return links.toSorted((a, b) => a.start - b.start)
}

/** The text, as long as it was, with letters in place of what would end the path of a folder. */
function withPlainFolders(text: string, folders: readonly string[]): string {
  let plain = text
  for (const folder of folders) {
    plain = plain.replaceAll(folder, folder.replaceAll(/[^\\/:\w]/g, '_'))
  }
  return plain
}

/** The path of a `file:` URL; anything else as it is. */
function fileOf(printed: string): string {
  if (!printed.startsWith(SCHEME)) return printed
  const path = printed.slice(SCHEME.length).replace(/^\/(?=[A-Za-z]:)/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
