import path from 'node:path'

import type { Locator, Page } from 'playwright-core'

import { until } from './until.ts'

/** A palette that has not offered a command by then is opened anew. */
const PALETTE_MS = 3_000

/** What people see and touch in a window of the editor. */
export class EditorWindow {
  readonly page: Page
  readonly #artifacts: string

  constructor(page: Page, artifacts: string) {
    this.page = page
    this.#artifacts = artifacts
  }

  /** Opens an address and waits until the extension has its place in the activity bar. */
  async open(url: string): Promise<void> {
    await this.page.goto(url)
    await this.page.locator('.monaco-workbench').waitFor()
    await this.icon.waitFor()
  }

  /**
   * Opens the address of a `.code-workspace` with this folder, and shows the tree. The web client of
   * VS Code 1.104 loses the folders where the file has been read before its cache has been looked
   * into, which is still empty the first time; opened again, it finds them there.
   */
  async openWorkspace(url: string, folder: RegExp): Promise<void> {
    const row = this.row(folder)
    const none = this.welcome.getByText('Open a folder to see its targets')
    await until('the window has the folders of its workspace', async () => {
      await this.open(url)
      await this.showTree()
      await row.or(none).first().waitFor()
      return row.isVisible()
    })
  }

  /**
   * Closes the window the way people do: it says good-bye to its server, which otherwise takes it for
   * one whose network is lost. A page that is only closed may be gone before that has been sent.
   */
  async close(): Promise<void> {
    await this.page.goto('about:blank')
    await this.page.close()
  }

  /** The extension's icon in the activity bar. */
  get icon(): Locator {
    return this.page.locator('.composite-bar a[aria-label^="Singletrack"]').first()
  }

  /** The item in the status bar. */
  get status(): Locator {
    return this.page.locator('[id$="singletrack.status"]').first()
  }

  /** The number on the extension's icon. */
  get badge(): Locator {
    return this.page
      .locator('.composite-bar .action-item', {
        has: this.page.locator('a[aria-label^="Singletrack"]'),
      })
      .locator('.badge-content')
  }

  get welcome(): Locator {
    return this.page.locator('.welcome-view-content')
  }

  /** The row of the tree that has this text. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.pane-body .monaco-list-row', { hasText: text }).first()
  }

  /** What screen readers are told of every row of the tree. */
  async rowLabels(): Promise<readonly string[]> {
    const rows = await this.page.locator('.pane-body .monaco-list-row').all()
    return Promise.all(rows.map(async (row) => (await row.getAttribute('aria-label')) ?? ''))
  }

  /** What screen readers are told of the item in the status bar. */
  async statusLabel(): Promise<string> {
    return (await this.status.getAttribute('aria-label')) ?? ''
  }

  /** The row of a problem below its target. */
  problemRow(message: string): Locator {
    return this.page.locator(`.pane-body .monaco-list-row[aria-label*="error: ${message}"]`).first()
  }

  /** Shows the tree, unless it is shown already: a second click on the icon would hide it. */
  async showTree(): Promise<void> {
    const title = this.page.locator('.part.sidebar .composite.title', { hasText: 'Singletrack' })
    if (!(await title.isVisible())) await this.icon.click()
    await title.waitFor()
  }

  /** Drags the edge of the side bar to the right, so that long rows can be read. */
  async widenSideBar(pixels: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox()
    if (box === null) throw new Error('there is no side bar')
    const { mouse } = this.page
    const [edge, middle] = [box.x + box.width, box.y + box.height / 2]
    await mouse.move(edge, middle)
    await mouse.down()
    await mouse.move(edge + pixels, middle, { steps: 4 })
    await mouse.up()
    await mouse.move(box.x + pixels, middle)
  }

  /** Points at a row and presses one of its buttons. */
  async press(row: string, button: string): Promise<void> {
    await this.row(row).hover()
    await this.row(row).locator(`a.action-label[aria-label^="${button}"]`).first().click()
  }

  /**
   * Types a command into the palette and runs it. The palette does not learn of commands that come
   * while it is open, such as those of a session that is only just attached, so it is opened again.
   */
  async run(command: string): Promise<void> {
    await until(`the palette offers ${command}`, async () => {
      const rows = await this.#search(command)
      const row = rows.filter({ hasText: command }).first()
      const isOffered = await row.waitFor({ timeout: PALETTE_MS }).then(
        () => true,
        () => false,
      )
      if (!isOffered) await this.#leavePalette()
      return isOffered
    })
    await this.page.keyboard.press('Enter')
  }

  /** The commands that the palette offers for a text. */
  async offered(text: string): Promise<readonly string[]> {
    const rows = await this.#search(text)
    await rows.first().waitFor()
    const found = await rows.allInnerTexts()
    await this.#leavePalette()
    return found.map((each) => each.replaceAll(/\s+/g, ' '))
  }

  /** Keeps a picture of the window among the artifacts. */
  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(this.#artifacts, `${name}.png`) })
  }

  async #leavePalette(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
  }

  async #search(text: string): Promise<Locator> {
    await this.page.keyboard.press('F1')
    const input = this.page.locator('.quick-input-widget input.input')
    await input.waitFor()
    await input.fill(`>${text}`)
    return this.page.locator('.quick-input-list .monaco-list-row')
  }
}
