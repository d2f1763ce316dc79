import path from 'node:path'

import type { SessionEvent } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import { asOpened } from '../model/opened-paths.ts'
import { outputLinks } from '../model/output-links.ts'
import { type OutputLine, plainLine, withoutKnown } from '../model/output-text.ts'
import type { OpenRoot } from '../model/roots.ts'
import { GatheredText } from '../session/gathered-text.ts'
import type { RootSession } from '../session/root-session.ts'
import type { WindowRoot, WorkspaceRoots } from './workspace-roots.ts'

export const OUTPUT_LANGUAGE = 'singletrack-output'

/** So many lines of the past are shown when the output of a target is opened. */
const HISTORY_LINES = 1_000

interface Channel {
  readonly channel: vscode.OutputChannel
  readonly text: GatheredText
  readonly open: OpenRoot
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
  readonly #roots: WorkspaceRoots
  readonly #channels = new Map<string, Channel>()
  readonly #followed = new WeakSet<RootSession>()

  constructor(roots: WorkspaceRoots) {
    this.#roots = roots
  }

  /** Shows the output of a target, with what is still kept of the past. */
  async show(root: WindowRoot, target: string): Promise<void> {
    const key = JSON.stringify([root.open.root, target])
    const known = this.#channels.get(key)
    if (known !== undefined) {
      known.channel.show(true)
      return
    }
    const { open, session } = root
    // Two roots may have targets of one name.
    const title = this.#roots.all.length > 1 ? `${target} (${open.name})` : target
    const channel = vscode.window.createOutputChannel(`Singletrack: ${title}`, OUTPUT_LANGUAGE)
    const text = new GatheredText((lines) => channel.append(lines))
    const created: Channel = { channel, text, open, session, target, waiting: [] }
    this.#channels.set(key, created)
    this.#follow(root.session)
    channel.show(true)
    await this.#read(created)
  }

  /** The root whose target an output document is of; `null` for any other document. */
  rootOf({ uri }: vscode.TextDocument): OpenRoot | null {
    const found = [...this.#channels.values()].find(({ channel }) =>
      uri.path.endsWith(`-${channel.name}`),
    )
    return found?.open ?? null
  }

  dispose(): void {
    for (const { channel, text } of this.#channels.values()) {
      text[Symbol.dispose]()
      channel.dispose()
    }
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
      if (each.waiting === null) each.text.add(plainLine(event))
      else each.waiting.push(event)
    }
  }

  async #read(each: Channel): Promise<void> {
    let logged: readonly OutputLine[] = []
    try {
      const targets = [each.target]
      logged = (await each.session.request('logs', { targets, limit: HISTORY_LINES })).records
    } catch (error) {
      each.text.add(
        `[the log could not be read: ${error instanceof Error ? error.message : String(error)}]`,
      )
    }
    const live = withoutKnown(logged, each.waiting ?? [])
    each.waiting = null
    for (const line of [...logged, ...live]) each.text.add(plainLine(line))
  }
}

/** Links from a line of output to the place it names. */
export class OutputLinkProvider implements vscode.DocumentLinkProvider {
  readonly #roots: WorkspaceRoots
  readonly #output: TargetOutput
  readonly #exists: (file: string) => boolean

  constructor(roots: WorkspaceRoots, output: TargetOutput, exists: (file: string) => boolean) {
    this.#roots = roots
    this.#output = output
    this.#exists = exists
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const links: vscode.DocumentLink[] = []
    const roots = this.#rootsFor(document)
    const places = roots.flatMap(({ folders, root }) => [root, ...folders.map((each) => each.path)])
    for (let line = 0; line < document.lineCount; line += 1) {
      for (const link of outputLinks(document.lineAt(line).text, places)) {
        const uri = this.#find(link.file, roots)
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

  /** Every root, that of the document first: another may have files of the same name. */
  #rootsFor(document: vscode.TextDocument): readonly OpenRoot[] {
    const own = this.#output.rootOf(document)
    const others = this.#roots.all.flatMap(({ open }) => (open.root === own?.root ? [] : [open]))
    return own === null ? others : [own, ...others]
  }

  #find(file: string, roots: readonly OpenRoot[]): vscode.Uri | null {
    const bases = roots.flatMap(({ folders, root }) => [root, ...folders.map(({ real }) => real)])
    const candidates = path.isAbsolute(file)
      ? [file]
      : bases.map((base) => path.resolve(base, file))
    const found = candidates.find((candidate) => this.#exists(candidate))
    if (found === undefined) return null
    const folders = roots.flatMap((root) => root.folders)
    return vscode.Uri.file(asOpened(found, folders))
  }
}
