import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'

import type { Workspace } from './workspace.ts'

/** Where cargo locks its build directory. */
export const CARGO_LOCK = 'target/debug/.cargo-lock'

/**
 * Holds the lock of cargo's build directory the way rust-analyzer does while it checks: flock(1)
 * takes the very lock that cargo takes, started by a program of that name.
 */
export class CheckOfRustAnalyzer implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #over: Promise<unknown>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#over = once(child, 'close')
  }

  /** Resolves when the lock is held. */
  static async start(workspace: Workspace): Promise<CheckOfRustAnalyzer> {
    mkdirSync(workspace.path(path.dirname(CARGO_LOCK)), { recursive: true })
    workspace.write(CARGO_LOCK, '')
    const program = workspace.path('../rust-analyzer')
    copyFileSync('/bin/sh', program)
    const child = spawn(program, ['-c', `flock ${CARGO_LOCK} sh -c 'echo held; read _'; true`], {
      cwd: workspace.root,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const check = new CheckOfRustAnalyzer(child)
    await once(child.stdout, 'data')
    return check
  }

  /** Lets go of the lock. */
  async end(): Promise<void> {
    this.#child.stdin?.end('\n')
    await this.#over
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}
