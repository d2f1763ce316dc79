import type { Edition } from './harness/edition.ts'

/** What every suite needs. */
export interface Surroundings {
  readonly edition: Edition
  /** `out/server-main.js` of the editor. */
  readonly main: string
  /** The Node that runs it. */
  readonly node: string
  /** The browser's executable. */
  readonly chromium: string
  /** The folder of the extension. */
  readonly extension: string
  /** The packed extension. */
  readonly vsix: string
  /** Where pictures and results are kept. */
  readonly artifacts: string
}
