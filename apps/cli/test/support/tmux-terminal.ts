import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'

import { eventually } from './eventually.ts'
import { MAIN } from './program.ts'

/** Why there is no terminal to test in; `null` when there is one. */
export function terminalProblem(): string | null {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' })
    return null
  } catch {
    return 'tmux is not installed'
  }
}

const CLEAN = ['env', '-u', 'CI', '-u', 'NO_COLOR', '-u', 'SINGLETRACK_HELD'] as const

/** `singletrack` in a real terminal, of a tmux server of its own. */
export class TmuxTerminal implements AsyncDisposable {
  readonly #server = `singletrack-${randomBytes(6).toString('hex')}`

  /** Runs it in a window of 100 columns; its exit code is shown when it has ended. */
  static start(
    root: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): TmuxTerminal {
    const terminal = new TmuxTerminal()
    const variables = Object.entries(env).map(([name, value]) => `${name}='${value}'`)
    const program = [...CLEAN, ...variables, process.execPath, MAIN, ...args].join(' ')
    terminal.#open(root, `${program}; echo "exit code $?"; exec sleep 600`)
    return terminal
  }

  /** A shell with job control, in which `singletrack` is a command. */
  static shell(root: string): TmuxTerminal {
    const terminal = new TmuxTerminal()
    const shell = [...CLEAN, `PS1='$ '`, 'bash', '--norc', '--noprofile', '-i'].join(' ')
    terminal.#open(root, shell)
    terminal.type(`singletrack() { ${process.execPath} ${MAIN} "$@"; }; clear`)
    return terminal
  }

  #open(root: string, command: string): void {
    this.#tmux(['-f/dev/null', 'new-session', '-d', '-x100', '-y30', `-c${root}`, command])
  }

  /** What is on the screen now, without colors. */
  screen(): string {
    return this.#tmux(['capture-pane', '-p'])
  }

  /** What has been printed so far, scrolled off or not; with colors when asked. */
  history({ colors = false }: { readonly colors?: boolean } = {}): string {
    return this.#tmux(['capture-pane', '-p', '-S-', ...(colors ? ['-e'] : [])])
  }

  press(...keys: readonly string[]): void {
    this.#tmux(['send-keys', ...keys])
  }

  /** Types a line and Enter. */
  type(line: string): void {
    this.#tmux(['send-keys', '-l', line])
    this.press('Enter')
  }

  resize(columns: number, rows: number): void {
    this.#tmux(['resize-window', `-x${columns}`, `-y${rows}`])
  }

  /** Waits until the screen shows it. */
  async shows(text: string | RegExp): Promise<string> {
    return eventually(
      () => `the screen shows ${String(text)}:\n${this.screen()}`,
      () => {
        const screen = this.screen()
        return (typeof text === 'string' ? screen.includes(text) : text.test(screen))
          ? screen
          : undefined
      },
    )
  }

  /** Closes the terminal, as somebody does who closes the window. */
  close(): void {
    this.#tmux(['kill-server'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.close()
    } catch {
      // Closed already.
    }
    return Promise.resolve()
  }

  #tmux(args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TERM: 'xterm-256color' },
    })
  }
}
