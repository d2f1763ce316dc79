import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'

import { until } from './until.ts'

/** The settings under which an editor shows what it is told and nothing else. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'window.dialogStyle': 'custom',
}

export interface ServerOptions {
  /** `out/server-main.js` of the editor. */
  readonly main: string
  /** The Node that runs it. */
  readonly node: string
  /** Where its data, its extensions and its log are kept. */
  readonly directory: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string>>
  readonly parameters?: readonly string[]
}

/** A real VS Code server; dispose it to end it with all its extension hosts. */
export class EditorServer implements AsyncDisposable {
  readonly port: number
  readonly pid: number
  readonly #child: ChildProcess

  private constructor(port: number, pid: number, child: ChildProcess) {
    this.port = port
    this.pid = pid
    this.#child = child
  }

  /** Starts the server and waits until it answers. */
  static async start(options: ServerOptions): Promise<EditorServer> {
    const { directory, environment = {}, main, node, parameters = [], settings = {} } = options
    const port = await freePort()
    writeSettings(directory, settings)
    const child = spawn(
      node,
      [
        main,
        '--host=127.0.0.1',
        `--port=${port}`,
        '--without-connection-token',
        '--accept-server-license-terms',
        '--disable-telemetry',
        ...directories(directory),
        ...parameters,
      ],
      {
        env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    )
    const log = createWriteStream(path.join(directory, 'server.log'))
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    if (child.pid === undefined) throw new Error(`${node} could not be started`)
    const server = new EditorServer(port, child.pid, child)
    await until(`the server answers (see ${directory}/server.log)`, async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
      try {
        return (await fetch(`http://127.0.0.1:${port}/version`)).ok
      } catch {
        return false
      }
    })
    return server
  }

  /** The address of a window on a folder or a `.code-workspace`. */
  url(
    place: { readonly folder: string } | { readonly workspace: string },
    {
      payload = [],
      port = this.port,
    }: { readonly payload?: readonly (readonly [string, string])[]; readonly port?: number } = {},
  ): string {
    const url = new URL(`http://127.0.0.1:${port}/`)
    for (const [key, value] of Object.entries(place)) url.searchParams.set(key, value)
    if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload))
    return url.toString()
  }

  /** A file of the server's machine, as the workbench names it. */
  remote(file: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${file}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve())
    })
    this.#signal('SIGTERM')
    // The server waits for its extension hosts; one that hangs must not hold up the tests.
    const timer = setTimeout(() => this.#signal('SIGKILL'), 7_000)
    await gone
    clearTimeout(timer)
    this.#signal('SIGKILL')
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal)
    } catch {
      // The group is gone.
    }
  }
}

/** Writes the user's settings, which a window reads when it is opened. */
export function writeSettings(
  directory: string,
  settings: Readonly<Record<string, unknown>>,
): void {
  const user = path.join(directory, 'user', 'User')
  mkdirSync(user, { recursive: true })
  writeFileSync(
    path.join(user, 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }),
  )
}

/** Installs a VSIX the way users do. */
export function installExtension(
  { main, node }: Pick<ServerOptions, 'main' | 'node'>,
  directory: string,
  vsix: string,
): void {
  execFileSync(node, [main, '--install-extension', vsix, ...directories(directory)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const directories = (directory: string): readonly string[] => [
  `--server-data-dir=${path.join(directory, 'data')}`,
  `--user-data-dir=${path.join(directory, 'user')}`,
  `--extensions-dir=${path.join(directory, 'extensions')}`,
]

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}
