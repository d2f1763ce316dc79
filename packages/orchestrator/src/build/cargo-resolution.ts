import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'

import { cleanLine, stripColors } from '../logs/index.ts'
import type { ChildLine } from '../run/index.ts'

/** Who has made a file what it is: the build itself, somebody else, or that is to be seen. */
export type Authorship = 'own' | 'foreign' | 'undecided'

type State =
  | { readonly kind: 'resolving'; readonly waiting: (() => void)[] }
  /** What the lockfile was when the build had done with it; absolute path, SHA-256. */
  | { readonly kind: 'resolved'; readonly path: string; readonly digest: string }
  | { readonly kind: 'unknown' }

/** Reads a file; `null` where there is none, or none that can be read. */
export type ReadFile = (path: string) => Uint8Array | null

const LOCKFILE = 'Cargo.lock'

/**
 * What one cargo build has made of `Cargo.lock`, which it reads, and writes itself where the
 * manifests ask for more than is locked. It does so before all else, so what is in the file when
 * cargo begins to download or to compile is what the build is made from, whoever wrote it.
 *
 *     resolving ──cargo downloads, compiles, or has nothing to do──► resolved
 *         └──────────────ends before that──────────────► unknown
 */
export class CargoResolution {
  readonly #cwd: string
  readonly #root: string
  readonly #read: ReadFile
  #state: State = { kind: 'resolving', waiting: [] }

  /**
   * @param cwd where cargo runs; it takes the next lockfile from there upwards
   * @param root of the workspace, to which paths of changes are relative
   */
  constructor(cwd: string, root: string, read: ReadFile = readIfThere) {
    this.#cwd = cwd
    this.#root = root
    this.#read = read
  }

  /** Takes a line that cargo prints. */
  heard(line: ChildLine): void {
    if (this.#state.kind === 'resolving' && isAfterResolution(line)) this.#decide(this.#found())
  }

  /** Cargo has ended; what it has not said by now it will not say any more. */
  ended(): void {
    if (this.#state.kind === 'resolving') this.#decide({ kind: 'unknown' })
  }

  /** Whether a change of this path, relative to the root, is the build's own. */
  authorOf(path: string): Authorship {
    if (basename(path) !== LOCKFILE) return 'foreign'
    switch (this.#state.kind) {
      case 'resolving':
        return 'undecided'
      case 'unknown':
        return 'foreign'
      case 'resolved': {
        const { path: resolved, digest } = this.#state
        const isSame = relative(this.#root, resolved).split(sep).join('/') === path
        return isSame && digestOf(this.#read(resolved)) === digest ? 'own' : 'foreign'
      }
    }
  }

  /** Calls back, once, as soon as nothing is undecided any more. */
  whenDecided(callback: () => void): void {
    if (this.#state.kind === 'resolving') this.#state.waiting.push(callback)
    else callback()
  }

  #decide(next: Exclude<State, { readonly kind: 'resolving' }>): void {
    const waiting = this.#state.kind === 'resolving' ? this.#state.waiting : []
    this.#state = next
    for (const callback of waiting) callback()
  }

  #found(): Exclude<State, { readonly kind: 'resolving' }> {
    for (let directory = this.#cwd; ; directory = dirname(directory)) {
      const path = join(directory, LOCKFILE)
      const digest = digestOf(this.#read(path))
      if (digest !== null) return { kind: 'resolved', path, digest }
      if (dirname(directory) === directory) return { kind: 'unknown' }
    }
  }
}

/**
 * Whether cargo says something that it says only when it knows, and has written, what it builds
 * from. It then takes the lock of the target directory, which may be somebody else's for long.
 */
function isAfterResolution({ stream, line }: ChildLine): boolean {
  if (stream === 'stdout') return line.startsWith('{"reason":')
  return AFTER_RESOLUTION.test(stripColors(cleanLine(line)))
}

const AFTER_RESOLUTION =
  /^ *(?:Locking|Downloading|Downloaded|Compiling|Checking|Fresh|Dirty|Finished|Blocking waiting for file lock on .*directory)\b/

function digestOf(content: Uint8Array | null): string | null {
  return content === null ? null : createHash('sha256').update(content).digest('hex')
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}
