import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Surroundings } from '../surroundings.ts'
import { Browser } from './browser.ts'
import { EditorWindow } from './editor-window.ts'
import { packExtension } from './pack-extension.ts'
import { EditorServer, installExtension, writeSettings } from './server.ts'

export interface EditorOptions {
  /** Without trust, windows open in Restricted Mode, as those of users do. */
  readonly trusted: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  /** Folders of other extensions that are to be there. */
  readonly others?: readonly string[]
  /** How long the server keeps an extension host whose window has been cut off. */
  readonly graceSeconds?: number
}

/** A server with the packed extension installed, and a browser to open windows in. */
export class Editor implements AsyncDisposable {
  readonly server: EditorServer
  readonly browser: Browser
  readonly #artifacts: string
  readonly #directory: string

  private constructor(
    server: EditorServer,
    browser: Browser,
    artifacts: string,
    directory: string,
  ) {
    this.server = server
    this.browser = browser
    this.#artifacts = artifacts
    this.#directory = directory
  }

  static async start(
    { artifacts, chromium, main, node, vsix }: Surroundings,
    options: EditorOptions,
  ): Promise<Editor> {
    const directory = mkdtempSync(path.join(realpathSync(tmpdir()), 'singletrack-ui-'))
    installExtension({ main, node }, directory, vsix)
    for (const other of options.others ?? []) {
      const packed = path.join(directory, `${path.basename(other)}.vsix`)
      packExtension(other, packed)
      installExtension({ main, node }, directory, packed)
    }
    const server = await EditorServer.start({
      main,
      node,
      directory,
      settings: options.settings ?? {},
      parameters: [
        ...(options.trusted ? ['--disable-workspace-trust'] : []),
        ...(options.graceSeconds === undefined
          ? []
          : [`--reconnection-grace-time=${options.graceSeconds}`]),
      ],
    })
    return new Editor(server, await Browser.start(chromium), artifacts, directory)
  }

  /** Opens a window; through another port, such as that of a relay, if one is given. */
  async window(
    place: Parameters<EditorServer['url']>[0],
    port: number = this.server.port,
  ): Promise<EditorWindow> {
    const window = new EditorWindow(await this.browser.page(), this.#artifacts)
    await window.open(this.server.url(place, { port }))
    return window
  }

  /** Changes the user's settings for windows that are opened from now on. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    writeSettings(this.#directory, settings)
  }

  /** A picture of the last window, for whoever wonders why a test failed. */
  async pictureOfFailure(name: string): Promise<void> {
    const file = path.join(this.#artifacts, `failed-${name}.png`)
    await this.browser.lastPage?.screenshot({ path: file }).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser[Symbol.asyncDispose]()
    await this.server[Symbol.asyncDispose]()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
