import path from 'node:path'

import type { SessionEvent } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import { outputLinks } from '../model/output-links.ts'
import { type OutputLine, plainLine, withoutKnown } from '../model/output-text.ts'
import type { RootSession } from '../session/root-session.ts'
import type { WindowRoot, WorkspaceRoots } from './workspace-roots.ts'

export const OUTPUT_LANGUAGE = 'singletrack-output'

/** So many lines of the past are shown when the output of a target is opened. */
const HISTORY_LINES = 1_000

interface Channel {
  readonly channel: vscode.OutputChannel
  readonly session: RootSession
  readonly target: string
  /** Lines that arrive while the log is being read; `null` once it has been. */
  waiting: OutputLine[] | null
}

/**
 * One output channel for each target that somebody has asked to see. Output is sent to this window
 * only once there is such a channel.
 */
export class TargetOutput implements vscode.Disposable {
  readonly #channels = new Map<string, Channel>()
  readonly #followed = new WeakSet<RootSession>()

  /** Shows the output of a target, with what is still kept of the past. */
  async show(root: WindowRoot, target: string): Promise<void> {
    const key = JSON.stringify([root.open.root, target])
    const known = this.#channels.get(key)
    if (known !== undefined) {
      known.channel.show(true)
      return
    }
    const channel = vscode.window.createOutputChannel(`Singletrack: ${target}`, OUTPUT_LANGUAGE)
    const created: Channel = { channel, session: root.session, target, waiting: [] }
    this.#channels.set(key, created)
    this.#follow(root.session)
    channel.show(true)
    await this.#read(created)
  }

  dispose(): void {
    for (const { channel } of this.#channels.values()) channel.dispose()
    this.#channels.clear()
  }

  #follow(session: RootSession): void {
    if (this.#followed.has(session)) return
    this.#followed.add(session)
    session.onEvent((event) => this.#append(session, event))
    void session.wantOutput(true).catch(() => {
      // Not attached any more; when it is again, output is asked for with the subscription.
    })
  }

  #append(session: RootSession, event: SessionEvent): void {
    if (event.type !== 'output') return
    for (const each of this.#channels.values()) {
      if (each.session !== session || each.target !== event.target) continue
      if (each.waiting === null) each.channel.appendLine(plainLine(event))
      else each.waiting.push(event)
    }
  }

  async #read(each: Channel): Promise<void> {
    let logged: readonly OutputLine[] = []
    try {
      const targets = [each.target]
      logged = (await each.session.request('logs', { targets, limit: HISTORY_LINES })).records
    } catch (error) {
      each.channel.appendLine(
        `[the log could not be read: ${error instanceof Error ? error.message : String(error)}]`,
      )
    }
    const live = withoutKnown(logged, each.waiting ?? [])
    each.waiting = null
    for (const line of [...logged, ...live]) each.channel.appendLine(plainLine(line))
  }
}

/** Links from a line of output to the place it names. */
export class OutputLinkProvider implements vscode.DocumentLinkProvider {
  readonly #roots: WorkspaceRoots
  readonly #exists: (file: string) => boolean

  constructor(roots: WorkspaceRoots, exists: (file: string) => boolean) {
    this.#roots = roots
    this.#exists = exists
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const links: vscode.DocumentLink[] = []
    for (let line = 0; line < document.lineCount; line += 1) {
      for (const link of outputLinks(document.lineAt(line).text)) {
        const uri = this.#find(link.file)
        if (uri === null) continue
        const place = `L${link.line}${link.column === null ? '' : `,${link.column}`}`
        links.push(
          new vscode.DocumentLink(
            new vscode.Range(line, link.start, line, link.end),
            uri.with({ fragment: place }),
          ),
        )
      }
    }
    return links
  }

  #find(file: string): vscode.Uri | null {
    const bases = this.#roots.all.flatMap(({ open }) => [open.root, ...open.folders])
    const candidates = path.isAbsolute(file)
      ? [file]
      : bases.map((base) => path.resolve(base, file))
    const found = candidates.find((candidate) => this.#exists(candidate))
    return found === undefined ? null : vscode.Uri.file(found)
  }
}
