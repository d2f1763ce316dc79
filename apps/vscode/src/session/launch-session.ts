import { spawn } from 'node:child_process'

import type { Launch } from './root-session.ts'

export interface LaunchOptions {
  /** The Node that runs the session; the editor's own if left out. */
  readonly node: string | null
  /** The bundled session program. */
  readonly script: string
  /** A workspace whose own installed `singletrack` is used instead of the bundled one. */
  readonly installedIn: string | null
  /** How long the session stays when its last client has left. */
  readonly lingerMs: number
  readonly log: (message: string) => void
}

/** More of what a session that did not start has said is noise. */
const MAX_STDERR_BYTES = 64 * 1024

/** The exit code of a session that found another one: there is nothing to complain about. */
export const EXIT_SESSION_HELD = 3

/**
 * Starts the session in a process of its own, in its own session group: neither the end of the
 * extension host nor that of the window reaches it. It ends by itself when nobody is attached any
 * more.
 */
export function launchSession(options: () => LaunchOptions): Launch {
  return async (root) => {
    const { node, script, installedIn, lingerMs, log } = options()
    const parameters = [script, '--root', root, '--linger', String(lingerMs)]
    if (installedIn !== null) parameters.push('--installed-in', installedIn)
    return new Promise((resolve) => {
      const child = spawn(node ?? process.execPath, parameters, {
        cwd: root,
        detached: true,
        windowsHide: true,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: sessionEnvironment(process.env),
      })
      log(`started a session for ${root}, pid ${child.pid ?? 'none'}`)
      let said = ''
      child.stderr.setEncoding('utf8')
      child.stderr.on('data', (text: string) => {
        if (said.length < MAX_STDERR_BYTES) said += text
      })
      child.once('error', (error) => resolve({ problem: error.message }))
      child.once('close', (code, signal) => {
        log(`the session for ${root} ended with ${signal ?? `exit code ${code}`}`)
        const quiet = code === 0 || code === EXIT_SESSION_HELD
        resolve({
          problem: quiet ? null : wordsOf(said) || `it ended with ${signal ?? `code ${code}`}`,
        })
      })
      // Neither the process nor its pipe keeps the extension host alive.
      child.unref()
    })
  }
}

/** Longer lines are not words: a program that cannot be loaded prints its own source. */
const MAX_LINE_LENGTH = 400

const wordsOf = (said: string): string =>
  said
    .split('\n')
    .filter((line) => line.length <= MAX_LINE_LENGTH)
    .join('\n')
    .trim()

/**
 * What the session and its targets inherit: the environment of the editor without what the editor
 * sets for itself. `ELECTRON_RUN_AS_NODE` makes the desktop's executable behave as Node; the session
 * takes it out again before it starts anything.
 */
export function sessionEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(VSCODE_|ELECTRON_|CHROME_|APPLICATION_INSIGHTS|NODE_OPTIONS$|BROWSER$)/
  const kept = Object.entries(environment).filter(([name]) => !own.test(name))
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' }
}
