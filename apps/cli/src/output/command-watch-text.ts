import type { CommandWatchEvent } from '@singletrack/orchestrator'
import { describeEnd } from '@singletrack/orchestrator/client'
import pico from 'picocolors'

import { formatDuration, formatPaths } from './format.ts'

/** A stop that takes no longer than this is not worth a line. */
const SLOW_STOP_MS = 1_000

export interface CommandWatchTextOptions {
  writeOut(text: string): void
  writeError(text: string): void
  readonly colors: boolean
  /** `quiet`: only what the command itself cannot say. */
  readonly format: 'text' | 'quiet' | 'json'
  /** Called just before each run, and before the line about it. */
  readonly beforeRun: () => void
}

/** Tells what happens to a watched command: as lines for people on stderr, or as NDJSON. */
export class CommandWatchText implements Disposable {
  readonly #options: CommandWatchTextOptions
  readonly #colors: ReturnType<typeof pico.createColors>
  #command = ''
  #slow: NodeJS.Timeout | undefined

  constructor(options: CommandWatchTextOptions) {
    this.#options = options
    this.#colors = pico.createColors(options.colors)
  }

  event(event: CommandWatchEvent): void {
    if (event.type === 'starting') {
      this.#command = event.command
      this.#options.beforeRun()
    }
    if (this.#options.format === 'json') {
      this.#options.writeOut(`${JSON.stringify(event)}\n`)
      return
    }
    this.#follow(event)
    if (event.type === 'loop')
      this.#line(
        this.#colors.red(
          `${this.#command} changes ${event.path}, which it watches; that path no longer counts: add -i '${event.ignore}'`,
        ),
      )
    if (event.type === 'warning') this.#line(this.#colors.yellow(event.message))
    if (event.type === 'exited' && event.left.length > 0)
      this.#line(this.#colors.red(`could not end process ${event.left.join(', ')}`))
    const text = this.#options.format === 'text' ? this.#text(event) : null
    if (text !== null) this.#line(text)
  }

  /** A line that no event stands for. */
  note(text: string): void {
    if (this.#options.format === 'text') this.#line(text)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#slow)
  }

  #text(event: CommandWatchEvent): string | null {
    const { dim, red, green } = this.#colors
    switch (event.type) {
      case 'watching':
        return dim(
          `watching ${formatPaths(event.paths.map(shortPath), 3)}${endings(event.extensions)}`,
        )
      case 'waiting':
        return event.message
      case 'starting':
        // A restart has been told when its reason was.
        if (event.replaces !== null) return null
        return `${changed(event.changed)}running ${event.command}`
      case 'stopping':
        return event.changed === null
          ? null
          : `${changed(event.changed)}restarting ${this.#command}`
      case 'signaled':
        return `${changed(event.changed)}sent ${event.signal} to ${this.#command}`
      case 'queued':
        return `${changed(event.changed)}${this.#command} will run again when it has ended`
      case 'ignored':
        return dim(`${changed(event.changed)}ignored while ${this.#command} runs`)
      case 'not-started':
        // The first failure ends the program, which says so itself.
        return event.run === 1 ? null : red(`${describeEnd(event.end)}; waiting for a change`)
      case 'exited':
        return this.#exited(event, { red, green })
      case 'started':
      case 'output':
      case 'loop':
      case 'warning':
      case 'ended':
        return null
    }
  }

  #exited(
    event: CommandWatchEvent & { readonly type: 'exited' },
    { red, green }: Pick<ReturnType<typeof pico.createColors>, 'red' | 'green'>,
  ): string | null {
    if (event.stopped) return event.forced ? red(`${this.#command} had to be killed`) : null
    const next = { run: '; running it again', wait: '; waiting for a change', end: '' }[event.next]
    const duration = formatDuration(event.ms)
    return event.end.kind === 'code' && event.end.code === 0
      ? `${green(`${this.#command} ended after ${duration}`)}${next}`
      : `${red(`${this.#command} failed after ${duration}: ${describeEnd(event.end)}`)}${next}`
  }

  /** Says whom it waits for, once that takes noticeably long. */
  #follow(event: CommandWatchEvent): void {
    if (event.type === 'exited') clearTimeout(this.#slow)
    if (event.type !== 'stopping' || event.changed !== null) return
    this.#slow = setTimeout(
      () => this.note(`waiting for ${this.#command} to end; once more kills it`),
      SLOW_STOP_MS,
    ).unref()
  }

  #line(text: string): void {
    this.#options.writeError(`${this.#colors.bold('singletrack')} ${text}\n`)
  }
}

function changed(changes: { readonly paths: readonly string[] } | null): string {
  if (changes === null) return ''
  return changes.paths.length === 0 ? 'files changed: ' : `${formatPaths(changes.paths)} changed: `
}

const endings = (extensions: readonly string[]): string =>
  extensions.length === 0 ? '' : ` for ${extensions.map((each) => `.${each}`).join(', ')}`

/** Relative where that is shorter. */
function shortPath(path: string): string {
  const below = path.startsWith(`${process.cwd()}/`) ? path.slice(process.cwd().length + 1) : path
  return below === process.cwd() ? '.' : below
}
