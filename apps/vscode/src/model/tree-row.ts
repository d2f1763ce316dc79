import type { RowIcon } from './target-row.ts'

/** What a row of the tree is about, for the commands that it offers. */
export type RowSubject =
  | { readonly kind: 'root'; readonly root: string }
  | { readonly kind: 'target'; readonly root: string; readonly target: string }
  | {
      readonly kind: 'problem'
      readonly root: string
      readonly target: string
      readonly index: number
    }
  | {
      readonly kind: 'suspended'
      readonly root: string
      readonly path: string
      readonly ignore: string
    }
  | { readonly kind: 'configuration'; readonly root: string }
  | { readonly kind: 'message'; readonly root: string }

/** One row of the tree, complete but for its tooltip. */
export interface TreeRow {
  /** Stays the same while the row is about the same thing. */
  readonly id: string
  readonly subject: RowSubject
  readonly text: string
  readonly description: string
  readonly icon: RowIcon | null
  /** What the menus of the manifest match. */
  readonly context: string
  readonly label: string
  readonly ticks: boolean
  readonly expanded: boolean
  readonly children: readonly TreeRow[]
}
