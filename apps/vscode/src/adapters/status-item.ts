import * as vscode from 'vscode'

import { statusText } from '../model/status-text.ts'
import type { WorkspaceRoots } from './workspace-roots.ts'

const TICK_MS = 1_000

/** The one item of the status bar; a click shows the tree. */
export class StatusItem implements vscode.Disposable {
  readonly #roots: WorkspaceRoots
  readonly #item = vscode.window.createStatusBarItem(
    'singletrack.status',
    vscode.StatusBarAlignment.Left,
    50,
  )
  #ticker: NodeJS.Timeout | null = null

  constructor(roots: WorkspaceRoots) {
    this.#roots = roots
    this.#item.name = 'Singletrack'
    this.#item.command = 'singletrack.targets.focus'
  }

  /** What it says now; empty while it is hidden. */
  get text(): string {
    return statusText(this.#roots.views(), Date.now()) === null ? '' : this.#item.text
  }

  update(): void {
    const status = statusText(this.#roots.views(), Date.now())
    this.#tick(status !== null && / \d+ s$/.test(status.text))
    if (status === null) {
      this.#item.hide()
      return
    }
    this.#item.text = status.text
    this.#item.backgroundColor = backgroundOf(status.severity)
    this.#item.accessibilityInformation = { label: status.label, role: 'button' }
    const tooltip = new vscode.MarkdownString()
    tooltip.isTrusted = {
      enabledCommands: ['singletrack.showLog', 'singletrack.openConfiguration'],
    }
    for (const line of status.details) tooltip.appendText(line).appendMarkdown('  \n')
    tooltip.appendMarkdown(
      '\n[Configuration](command:singletrack.openConfiguration) · [Log](command:singletrack.showLog)',
    )
    this.#item.tooltip = tooltip
    this.#item.show()
  }

  dispose(): void {
    this.#tick(false)
    this.#item.dispose()
  }

  #tick(wanted: boolean): void {
    if (wanted && this.#ticker === null) this.#ticker = setInterval(() => this.update(), TICK_MS)
    if (!wanted && this.#ticker !== null) {
      clearInterval(this.#ticker)
      this.#ticker = null
    }
  }
}

function backgroundOf(severity: 'normal' | 'warning' | 'error'): vscode.ThemeColor | undefined {
  switch (severity) {
    case 'normal':
      return undefined
    case 'warning':
      return new vscode.ThemeColor('statusBarItem.warningBackground')
    case 'error':
      return new vscode.ThemeColor('statusBarItem.errorBackground')
  }
}
