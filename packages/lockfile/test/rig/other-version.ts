import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** What the other version does differently: file, what stands there, what stands there then. */
const CHANGES = [
  ['src/disk/record.ts', 'HEARTBEAT_MS = 1_000', 'HEARTBEAT_MS = 10_000'],
  [
    'src/disk/record.ts',
    'JSON.stringify(record)',
    'JSON.stringify({ later: { nested: [1] }, ...record, mood: "new" })',
  ],
  [
    'src/disk/outcome-records.ts',
    '{ v: 1, gen: formatGeneration(gen), ...rest',
    '{ v: 1, later: [{}], gen: formatGeneration(gen), ...rest',
  ],
  ['src/acquire/decide.ts', 'TURN_MS = 15', 'TURN_MS = 40'],
  ['src/acquire/decide.ts', 'POLL_MS = 240', 'POLL_MS = 700'],
] as const

/**
 * A copy of this package as a later version might be: it beats every ten seconds, waits in other
 * intervals, and writes fields that this one does not know.
 */
export class OtherVersion implements Disposable {
  readonly #folder: string

  constructor() {
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), 'singletrack-other-')))
    for (const part of ['src', 'test', 'package.json']) {
      cpSync(join(PACKAGE, part), join(this.#folder, part), { recursive: true })
    }
    for (const [file, from, to] of CHANGES) {
      const path = join(this.#folder, file)
      const text = readFileSync(path, 'utf8')
      if (!text.includes(from)) throw new Error(`${file} no longer contains ${from}`)
      writeFileSync(path, text.replace(from, to))
    }
  }

  /** One of its programs. */
  main(path: string): string {
    return join(this.#folder, path)
  }

  get peer(): { readonly main: string } {
    return { main: this.main('test/rig/peer-main.ts') }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
