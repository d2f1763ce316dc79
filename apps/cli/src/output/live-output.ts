import type { Session, SessionEvent } from '@singletrack/orchestrator'

import { Keyboard, type KeyCommand } from '../keyboard.ts'
import type { LineWriter } from './line-writer.ts'
import { LiveScreen } from './live-screen.ts'
import { statusBlock } from './status-block.ts'

/** What the keys do to a session; Ctrl-C and Ctrl-Z are the signals they would be otherwise. */
export interface LiveActions {
  readonly interrupt: () => void
  readonly suspend: () => void
}

/** A session on a terminal: logs that scroll, a block that stays, and keys. */
export class LiveOutput implements Disposable {
  readonly #writer: LineWriter
  readonly #screen: LiveScreen
  readonly #keyboard: Keyboard | null
  #session: Session | null = null
  #help = false

  constructor(options: {
    readonly writer: LineWriter
    readonly colors: boolean
    readonly actions: LiveActions
  }) {
    this.#writer = options.writer
    const { stdout, stdin } = process
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
    this.#keyboard = stdin.isTTY
      ? new Keyboard(stdin, (command) => this.#onKey(command, options.actions))
      : null
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
    this.#keyboard?.[Symbol.dispose]()
    this.#screen[Symbol.dispose]()
  }

  #onKey(command: KeyCommand, actions: LiveActions): void {
    const session = this.#session
    switch (command) {
      case 'interrupt':
        actions.interrupt()
        return
      case 'suspend':
        actions.suspend()
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
