import type { Session, SessionEvent } from '@singletrack/orchestrator'

import { isInForeground } from '../foreground.ts'
import { Keyboard, type KeyCommand } from '../keyboard.ts'
import type { LineWriter } from './line-writer.ts'
import { LiveScreen } from './live-screen.ts'
import { statusBlock } from './status-block.ts'

/** A job that was put in the background looks this often whether the terminal is its own again. */
const FOREGROUND_POLL_MS = 250

/** What the keys do to a session; Ctrl-C and Ctrl-Z are the signals they would be otherwise. */
export interface LiveActions {
  readonly interrupt: () => void
  readonly suspend: () => void
}

/** A session on a terminal: logs that scroll, a block that stays, and keys. */
export class LiveOutput implements Disposable {
  readonly #writer: LineWriter
  readonly #screen: LiveScreen
  readonly #actions: LiveActions
  #keyboard: Keyboard | null = null
  #comeback: NodeJS.Timeout | null = null
  #session: Session | null = null
  #help = false

  constructor(options: {
    readonly writer: LineWriter
    readonly colors: boolean
    readonly actions: LiveActions
  }) {
    this.#writer = options.writer
    this.#actions = options.actions
    const { stdout } = process
    this.#screen = new LiveScreen(stdout, () =>
      this.#session === null
        ? []
        : statusBlock(this.#session.state(), {
            now: Date.now(),
            columns: stdout.columns ?? 80,
            rows: stdout.rows ?? 24,
            colors: options.colors,
            help: this.#help,
          }),
    )
    this.takeTerminal()
  }

  /** Shows the block and reads keys, as soon as we are the terminal's foreground job. */
  takeTerminal(): void {
    this.leaveTerminal()
    if (!isInForeground()) {
      this.#comeback = setTimeout(() => this.takeTerminal(), FOREGROUND_POLL_MS)
      this.#comeback.unref()
      return
    }
    const { stdin } = process
    if (stdin.isTTY) this.#keyboard = new Keyboard(stdin, (command) => this.#onKey(command))
    this.#screen.show()
  }

  /** Leaves the terminal as it was found; lines are printed all the same. */
  leaveTerminal(): void {
    if (this.#comeback !== null) clearTimeout(this.#comeback)
    this.#comeback = null
    this.#keyboard?.[Symbol.dispose]()
    this.#keyboard = null
    this.#screen.hide()
  }

  /** Shows the state of this session from now on. */
  attach(session: Session): void {
    this.#session = session
    this.#screen.refresh()
  }

  event(event: SessionEvent): void {
    for (const line of this.#writer.lines(event)) this.#screen.print(line)
    this.#screen.refresh()
  }

  print(line: string): void {
    this.#screen.print(line)
  }

  [Symbol.dispose](): void {
    this.#session = null
    this.leaveTerminal()
    this.#screen[Symbol.dispose]()
  }

  #onKey(command: KeyCommand): void {
    const session = this.#session
    switch (command) {
      case 'interrupt':
        this.#actions.interrupt()
        return
      case 'suspend':
        this.#actions.suspend()
        return
      case 'quit':
        void session?.end('q')
        return
      case 'restart':
        session?.restart(
          session
            .state()
            .targets.filter(({ wanted }) => wanted)
            .map(({ name }) => name),
        )
        return
      case 'pause':
        session?.pause(!session.state().paused)
        break
      case 'help':
        this.#help = !this.#help
    }
    this.#screen.refresh()
  }
}
