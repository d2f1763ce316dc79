import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Unix socket paths longer than this are cut off silently by the system. */
const MAX_SOCKET_PATH_BYTES = 100

/** The control socket cannot be placed safely. */
export class ControlSocketError extends Error {
  readonly code = 'CONTROL_SOCKET'
  override readonly name = 'ControlSocketError'
}

/**
 * Where a session with this watch-lock nonce listens: computable by everybody who can read the
 * lock, private to the user. A named pipe on Windows (untested there).
 */
export function controlSocketPath(
  nonce: string,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (process.platform === 'win32')
    return `\\\\.\\pipe\\singletrack-${userInfo().username}-${nonce}`
  const path = join(controlDirectory(environment), `${nonce}.sock`)
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new ControlSocketError(
      `the control socket ${path} is longer than ${MAX_SOCKET_PATH_BYTES} bytes; set XDG_RUNTIME_DIR or TMPDIR to a shorter directory`,
    )
  }
  return path
}

function controlDirectory(environment: NodeJS.ProcessEnv): string {
  const runtime = environment['XDG_RUNTIME_DIR']
  if (runtime !== undefined && runtime !== '') return join(runtime, 'singletrack')
  return join(tmpdir(), `singletrack-${process.getuid?.() ?? 'user'}`)
}

/**
 * Makes the directory of the control socket, mode 0700, and refuses one that somebody else could
 * have put there: a symbolic link, another owner, or open to others.
 */
export function prepareControlDirectory(environment: NodeJS.ProcessEnv = process.env): void {
  if (process.platform === 'win32') return
  const directory = controlDirectory(environment)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const stats = lstatSync(directory)
  const problem = !stats.isDirectory()
    ? 'is no directory'
    : stats.uid !== process.getuid?.()
      ? 'belongs to another user'
      : (stats.mode & 0o077) !== 0
        ? 'is open to other users'
        : null
  if (problem !== null) {
    throw new ControlSocketError(
      `${directory} ${problem}; remove it or set XDG_RUNTIME_DIR to a private directory`,
    )
  }
}
