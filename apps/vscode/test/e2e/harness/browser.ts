import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type BrowserContext, type Page, chromium } from 'playwright-core'

/** The size of every window, so that pictures can be compared. */
const VIEWPORT = { width: 1280, height: 800 }

/** A headless Chromium with a profile of its own. */
export class Browser implements AsyncDisposable {
  readonly #context: BrowserContext
  readonly #profile: string

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context
    this.#profile = profile
  }

  static async start(executablePath: string): Promise<Browser> {
    const profile = mkdtempSync(path.join(tmpdir(), 'singletrack-chromium-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      viewport: VIEWPORT,
      // Whoever runs the tests ends what is left of them.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [
        // Root has no sandbox, and nothing but our own pages is opened.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    // Longer than anything takes on the busiest machine.
    context.setDefaultTimeout(120_000)
    return new Browser(context, profile)
  }

  async page(): Promise<Page> {
    return this.#context.newPage()
  }

  /** The page opened last, for a picture of what went wrong. */
  get lastPage(): Page | null {
    return this.#context.pages().at(-1) ?? null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close()
    rmSync(this.#profile, { recursive: true, force: true })
  }
}
