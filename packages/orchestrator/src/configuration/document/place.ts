import type { Problem } from '../workspace.ts'

/** The way from the top of a document to a value. */
export type Path = readonly (string | number)[]

/** What a setting was read from. */
export type Source =
  | { readonly kind: 'file'; readonly file: string; readonly text: string }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'detected' }
  | { readonly kind: 'default' }

/** Where a value or a key stands; the offset counts UTF-16 units, as editors do. */
export interface Place {
  readonly source: Source
  readonly offset: number
  readonly path: Path
}

/** One-based line and column of an offset, and the text of that line without its line break. */
export function lineAt(
  source: Source & { readonly kind: 'file' },
  offset: number,
): { readonly line: number; readonly column: number; readonly excerpt: string } {
  const starts = lineStarts(source)
  let line = 0
  let beyond = starts.length
  while (beyond - line > 1) {
    const middle = (line + beyond) >> 1
    if ((starts[middle] ?? 0) <= offset) line = middle
    else beyond = middle
  }
  const start = starts[line] ?? 0
  const excerpt = source.text.slice(start, starts[line + 1]).replace(/\r?\n$/, '')
  return { line: line + 1, column: offset - start + 1, excerpt }
}

/** Every setting asks for its line, so the lines of a text are counted once. */
const knownLineStarts = new WeakMap<object, readonly number[]>()

function lineStarts(source: Source & { readonly kind: 'file' }): readonly number[] {
  const known = knownLineStarts.get(source)
  if (known !== undefined) return known
  const starts = [0]
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1))
    starts.push(at + 1)
  knownLineStarts.set(source, starts)
  return starts
}

const plainKey = /^[\w$-]+$/

/** `targets.api.run`, `targets["a b"].run[0]`. */
export function formatPath(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`
      if (!plainKey.test(key)) return `[${JSON.stringify(key)}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}

/** A problem that stands at a place. */
export function problemAt(place: Place, message: string, remedy: string | null): Problem {
  const { source, path } = place
  switch (source.kind) {
    case 'file': {
      const { line, column, excerpt } = lineAt(source, place.offset)
      return { file: source.file, line, column, at: formatPath(path), message, remedy, excerpt }
    }
    case 'flag':
      return elsewhere('command line', source.name, message, remedy)
    case 'environment':
      return elsewhere('environment', source.name, message, remedy)
    case 'preset':
      return elsewhere(`preset ${source.name}`, formatPath(path), message, remedy)
    case 'detected':
      return elsewhere('detected', formatPath(path), message, remedy)
    case 'default':
      return elsewhere('defaults', formatPath(path), message, remedy)
  }
}

function elsewhere(file: string, at: string, message: string, remedy: string | null): Problem {
  return { file, line: null, column: null, at, message, remedy }
}
