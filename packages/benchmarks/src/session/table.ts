import type { Cell, Section } from './report.ts'

/** A section as people read it: a table in Markdown that is aligned as plain text too. */
export function renderSection({ title, columns, rows, notes }: Section): string {
  const cells = rows.map(([subject, ...rest]) => [subject, ...rest.map(renderCell)])
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...cells.map((row) => row[at]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => pad(row[at] ?? '', width, at)).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  const table = [line(columns), rule, ...cells.map(line)]
  const paragraphs = [
    `## ${title}`,
    table.join('\n'),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

/** `median (low–high)`: half of the rounds lie between the two. */
export function renderCell(cell: Cell): string {
  switch (cell.kind) {
    case 'text':
      return cell.text
    case 'count':
      return String(cell.value)
    case 'none':
      return cell.because
    case 'spread': {
      const { median, low, high } = cell.spread
      const [middle, from, to] = [median, low, high].map((value) => value.toFixed(cell.digits))
      return from === to ? `${middle}` : `${middle} (${from}–${to})`
    }
  }
}

/** The subject stands on the left, figures on the right. */
function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}
