import * as vscode from 'vscode'

import { flat, rowChanges } from '../model/row-changes.ts'
import { tooltipLines } from '../model/tooltip.ts'
import type { RowSubject, TreeRow } from '../model/tree-row.ts'
import { failedTargets, treeRows } from '../model/tree-rows.ts'
import type { WorkspaceRoots } from './workspace-roots.ts'

/** How often rows that tell a time are drawn again, while somebody sees them. */
const TICK_MS = 1_000

/** The tree of targets. Draws what the model says; decides nothing. */
export class TargetTree implements vscode.TreeDataProvider<TreeRow>, vscode.Disposable {
  readonly #roots: WorkspaceRoots
  readonly #changed = new vscode.EventEmitter<TreeRow[] | undefined>()
  readonly #view: vscode.TreeView<TreeRow>
  readonly #disposables: vscode.Disposable[] = []
  #ticker: NodeJS.Timeout | null = null
  #drawn: readonly TreeRow[] = []
  /**
   * The rows that the editor knows, by their ids. Each stays the same object while it is drawn again:
   * the editor forgets all rows before it asks for new ones, and a button that is pressed meanwhile
   * would be about none.
   */
  #known = new Map<string, TreeRow>()

  readonly onDidChangeTreeData: vscode.Event<TreeRow[] | undefined> = this.#changed.event

  constructor(roots: WorkspaceRoots) {
    this.#roots = roots
    this.#view = vscode.window.createTreeView('singletrack.targets', { treeDataProvider: this })
    this.#disposables.push(
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(() => this.update()),
    )
  }

  /** The rows as they are now. */
  rows(): readonly TreeRow[] {
    return treeRows(this.#roots.views(), Date.now())
  }

  /** Draws again, if anything looks different. */
  update(): void {
    const rows = this.rows()
    const failed = failedTargets(this.#roots.views())
    this.#view.badge =
      failed === 0
        ? undefined
        : { value: failed, tooltip: failed === 1 ? '1 target failed' : `${failed} targets failed` }
    this.#tick(this.#view.visible && hasTicking(rows))
    const changes = rowChanges(this.#drawn, rows)
    this.#drawn = rows
    switch (changes.kind) {
      case 'none':
        return
      case 'all':
        this.#changed.fire(undefined)
        return
      case 'rows':
        this.#redraw(rows, new Set(changes.ids))
    }
  }

  getChildren(row?: TreeRow): TreeRow[] {
    if (row !== undefined) return [...row.children]
    this.#known = new Map(flat(this.#drawn).map((each) => [each.id, each]))
    return [...this.#drawn]
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    const item = new vscode.TreeItem(row.text, collapsibleState(row))
    item.id = row.id
    item.description = row.description
    item.contextValue = row.context
    item.accessibilityInformation = { label: row.label, role: 'treeitem' }
    if (row.icon !== null) {
      const { id, color } = row.icon
      item.iconPath = new vscode.ThemeIcon(
        id,
        color === null ? undefined : new vscode.ThemeColor(color),
      )
    }
    const command = commandOf(row.subject)
    if (command !== null) {
      item.command = { command, title: 'Show', arguments: [row] }
    }
    return item
  }

  /** Tooltips hold the chain of causes, which is looked up only when somebody points at a row. */
  resolveTreeItem(item: vscode.TreeItem, row: TreeRow): vscode.TreeItem {
    const tooltip = new vscode.MarkdownString()
    for (const line of this.#tooltipOf(row)) tooltip.appendText(line).appendMarkdown('  \n')
    item.tooltip = tooltip
    return item
  }

  dispose(): void {
    this.#tick(false)
    for (const disposable of this.#disposables) disposable.dispose()
  }

  #redraw(rows: readonly TreeRow[], ids: ReadonlySet<string>): void {
    const changed: TreeRow[] = []
    for (const row of flat(rows)) {
      const known = this.#known.get(row.id)
      if (known === undefined || !ids.has(row.id)) continue
      const { children } = known
      changed.push(Object.assign(known, row, { children }))
    }
    if (changed.length > 0) this.#changed.fire(changed)
  }

  #tooltipOf({ subject, text, description }: TreeRow): readonly string[] {
    if (subject.kind !== 'target') return [text, description]
    const session = this.#roots.get(subject.root)?.session
    const state = session?.link.kind === 'attached' ? session.link.state : null
    const target = state?.targets.find(({ name }) => name === subject.target)
    return target === undefined ? [text] : tooltipLines(target, session?.history ?? [])
  }

  #tick(wanted: boolean): void {
    if (wanted && this.#ticker === null) this.#ticker = setInterval(() => this.update(), TICK_MS)
    if (!wanted && this.#ticker !== null) {
      clearInterval(this.#ticker)
      this.#ticker = null
    }
  }
}

const hasTicking = (rows: readonly TreeRow[]): boolean =>
  rows.some(({ ticks, children }) => ticks || hasTicking(children))

function collapsibleState({ children, expanded }: TreeRow): vscode.TreeItemCollapsibleState {
  if (children.length === 0) return vscode.TreeItemCollapsibleState.None
  return expanded
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed
}

function commandOf(subject: RowSubject): string | null {
  switch (subject.kind) {
    case 'target':
      return 'singletrack.showOutput'
    case 'problem':
      return 'singletrack.openProblem'
    case 'configuration':
      return 'singletrack.openConfiguration'
    case 'root':
    case 'suspended':
    case 'message':
      return null
  }
}
