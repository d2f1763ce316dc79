/**
 * Git's wildmatch as a regular expression: `*` and `?` stop at a slash, `**` between slashes does
 * not, brackets know ranges and POSIX classes, a backslash escapes. `undefined` if git would never
 * match the pattern (an open bracket, a lone backslash at the end).
 *
 * @see https://git-scm.com/docs/gitignore and wildmatch.c of git
 */
export function compileWildmatch(pattern: string): RegExp | undefined {
  let source = ''
  let at = 0
  while (at < pattern.length) {
    const piece = takePiece(pattern, at)
    if (piece === undefined) return undefined
    source += piece.source
    at = piece.end
  }
  return new RegExp(`^${source}$`, 'su')
}

interface Piece {
  readonly source: string
  readonly end: number
}

function takePiece(pattern: string, at: number): Piece | undefined {
  const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
  switch (character) {
    case '\\': {
      if (at + 1 >= pattern.length) return undefined
      const escaped = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0)
      return { source: literal(escaped), end: at + 1 + escaped.length }
    }
    case '?':
      return { source: '[^/]', end: at + 1 }
    case '[':
      return takeBracket(pattern, at)
    case '*':
      return takeStars(pattern, at)
    default:
      return { source: literal(character), end: at + character.length }
  }
}

function takeStars(pattern: string, at: number): Piece {
  let end = at
  while (pattern[end] === '*') end += 1
  const alone =
    (at === 0 || pattern[at - 1] === '/') && (end === pattern.length || pattern[end] === '/')
  if (end - at < 2 || !alone) return { source: '[^/]*', end }
  // "**/" may stand for nothing, "/**" at the end stands for at least one name.
  if (end < pattern.length) return { source: '(?:.*/)?', end: end + 1 }
  return { source: at === 0 ? '.*' : '.+', end }
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\x2f:-@\\x5b-`\\x7b-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9a-fA-F',
}

function takeBracket(pattern: string, open: number): Piece | undefined {
  let at = open + 1
  const negated = pattern[at] === '!' || pattern[at] === '^'
  if (negated) at += 1
  let members = ''
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) return undefined
    const posix = /^\[:(?<name>[a-z]*):\]/.exec(pattern.slice(at))
    if (posix !== null) {
      const known = POSIX_CLASSES[posix.groups?.['name'] ?? '']
      if (known === undefined) return undefined
      members += known
      at += posix[0].length
      continue
    }
    const low = takeMember(pattern, at)
    if (low === undefined) return undefined
    at = low.end
    if (pattern[at] !== '-' || pattern[at + 1] === ']' || at + 1 >= pattern.length) {
      members += member(low.source)
      continue
    }
    const high = takeMember(pattern, at + 1)
    if (high === undefined) return undefined
    at = high.end
    if (low.source <= high.source) members += `${member(low.source)}-${member(high.source)}`
  }
  if (members === '') return { source: negated ? '[^/]' : '(?!)', end: at + 1 }
  return { source: negated ? `[^/${members}]` : `(?!/)[${members}]`, end: at + 1 }
}

/** One character of a bracket, in `source` as itself. */
function takeMember(pattern: string, at: number): Piece | undefined {
  const from = pattern[at] === '\\' ? at + 1 : at
  const codePoint = pattern.codePointAt(from)
  if (codePoint === undefined) return undefined
  const character = String.fromCodePoint(codePoint)
  return { source: character, end: from + character.length }
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&')
}

function member(character: string): string {
  return character.replace(/[\\^\][-]/u, '\\$&')
}
