import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A root of its own for one test. */
export class Workspace implements Disposable {
  readonly root: string

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'singletrack-lock-')))
  }

  get locks(): string {
    return join(this.root, '.singletrack', 'locks')
  }

  /** The baton's name. */
  baton(lock: string = 'build'): string {
    const [name, ...rest] = readdirSync(join(this.locks, lock))
    if (name === undefined || rest.length > 0)
      throw new Error(`not one baton: ${name} ${rest.join()}`)
    return name
  }

  batonPath(lock: string = 'build'): string {
    return join(this.locks, lock, this.baton(lock))
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
