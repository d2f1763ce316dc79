import { execFile } from 'node:child_process'

/** What came of a command that was asked for facts. */
export type CommandOutput =
  | {
      readonly kind: 'exited'
      readonly code: number
      readonly stdout: string
      readonly stderr: string
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'failed'; readonly message: string }

/** Runs a short command and collects its output; `argv[0]` is looked up in PATH. */
export type CommandRunner = (
  argv: readonly [string, ...string[]],
  options: {
    readonly cwd: string
    readonly environment: Readonly<Record<string, string | undefined>>
  },
) => Promise<CommandOutput>

/** `cargo metadata` answers in tenths of a second; a rustup that installs a toolchain takes longer. */
const timeLimitMs = 60_000
/** Metadata of the largest workspaces is a few megabytes. */
const maxOutputBytes = 64 * 1024 * 1024

export const runCommand: CommandRunner = async ([program, ...args], { cwd, environment }) =>
  new Promise((resolve) => {
    const options = { cwd, env: environment, timeout: timeLimitMs, maxBuffer: maxOutputBytes }
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'exited', code: 0, stdout, stderr })
      else if (error.code === 'ENOENT') resolve({ kind: 'not-found' })
      else if (typeof error.code === 'number')
        resolve({ kind: 'exited', code: error.code, stdout, stderr })
      else
        resolve({
          kind: 'failed',
          message: error.killed === true ? 'it took too long' : error.message,
        })
    })
    child.stdin?.end()
  })
