import path from 'node:path'

import type { Problem } from './workspace.ts'

/** The line that is shown is cut to so many characters around the place. */
const frameWidth = 100

/**
 * A problem in words: place, key, what is wrong, what to do, and the line with a mark under it.
 * Control characters of the file do not reach the terminal.
 */
export function describeProblem(problem: Problem, { cwd }: { readonly cwd: string }): string {
  const { line, column, at, message, remedy } = problem
  const place = line === null ? '' : `:${line}:${column ?? 1}`
  const subject = at === '' ? '' : ` ${at}:`
  const separator = line === null && at !== '' ? ':' : at === '' ? ':' : ''
  const what = remedy === null ? message : `${message}; ${remedy}`
  const text = `${shortPath(problem.file, cwd)}${place}${separator}${subject} ${what}`
  return [printable(text), ...frame(problem)].join('\n')
}

/** Relative to where the reader stands, unless that only climbs. */
function shortPath(file: string, cwd: string): string {
  if (!path.isAbsolute(file)) return file
  const relative = path.relative(cwd, file)
  return relative.startsWith(path.join('..', '..', '..')) ? file : relative
}

function frame({ line, column, excerpt }: Problem): readonly string[] {
  if (line === null || excerpt === undefined || excerpt.trim() === '') return []
  const at = (column ?? 1) - 1
  const start = at < frameWidth - 20 ? 0 : at - 40
  const shown = printable(excerpt.slice(start, start + frameWidth).replaceAll('\t', ' '))
  const gutter = `  ${line} | `
  return [`${gutter}${shown}`, `${' '.repeat(gutter.length - 2)}| ${' '.repeat(at - start)}^`]
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}
