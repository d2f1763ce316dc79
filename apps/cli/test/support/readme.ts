import { readFileSync } from 'node:fs'

/** The README of the command, and that of the repository. */
export const README: URL = new URL('../../README.md', import.meta.url)
export const ROOT_README: URL = new URL('../../../../README.md', import.meta.url)

/** The rows of the first table below a heading, cell by cell, without its head. */
export function tableBelow(readme: URL, heading: string): readonly (readonly string[])[] {
  const lines = readFileSync(readme, 'utf8').split('\n')
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading)
  const first = lines.findIndex((line, at) => at > start && line.startsWith('|'))
  if (start === -1 || first === -1) throw new Error(`no table below "${heading}"`)
  const rest = lines.slice(first)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  return rest.slice(2, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  )
}

/** The code in a cell: `` `a` `` is `a`. */
export const code = (cell: string | undefined): string => /`([^`]*)`/.exec(cell ?? '')?.[1] ?? ''
