import type { TreeRow } from './tree-row.ts'

/** What has to be drawn again: everything, where rows have come, gone or moved, or single rows. */
export type RowChanges =
  | { readonly kind: 'none' }
  | { readonly kind: 'rows'; readonly ids: readonly string[] }
  | { readonly kind: 'all' }

/** The difference between the tree as it was drawn and as it is now. */
export function rowChanges(before: readonly TreeRow[], after: readonly TreeRow[]): RowChanges {
  const old = flat(before)
  const now = flat(after)
  const isSameTree =
    old.length === now.length &&
    old.every((row, index) => {
      const other = now[index]
      return row.id === other?.id && row.children.length === other.children.length
    })
  if (!isSameTree) return { kind: 'all' }
  const ids = now.flatMap((row, index) => {
    const drawn = old[index]
    return drawn !== undefined && ownText(row) === ownText(drawn) ? [] : [row.id]
  })
  return ids.length === 0 ? { kind: 'none' } : { kind: 'rows', ids }
}

/** Every row, each before what stands below it. */
export const flat = (rows: readonly TreeRow[]): readonly TreeRow[] =>
  rows.flatMap((row) => [row, ...flat(row.children)])

const ownText = (row: TreeRow): string => JSON.stringify({ ...row, children: null })
