import { createHash } from 'node:crypto'
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import { joinPath } from '../paths.ts'
import { isRacy } from '../tree/entry.ts'

/** Stands for the content of a file; `undefined`: it is not known, and counts as changed. */
export type Digest = string | undefined

/** A file that was there when its directory was listed. */
export interface ListedFile {
  /** As in `Change.path`. */
  readonly path: string
  readonly listedAtMs: number
}

/** Files up to this size are read in one go: faster than four trips to another thread. */
const SMALL_BYTES = 256 * 1024

/** Larger files count as changed whenever they are written: reading them would hold up the batch. */
const LARGE_BYTES = 64 * 1024 * 1024

/** So many files are taken down at first at most; about 200 bytes of memory each. */
const FIRST_FILES_MAX = 20_000

/**
 * What files contain, for all targets that compare by content: what several of them ask at the same
 * moment is read once, and what was there at first is known to those who were there at first.
 */
export class FileContents {
  readonly #root: string
  /** What was asked for in this turn of the event loop: nothing can have been told meanwhile. */
  #turn: Map<string, Digest | Promise<Digest>> | undefined
  readonly #first = new Map<string, string>()
  #hasBegun = false

  constructor(root: string) {
    this.#root = root
  }

  /** Whether it is settled who knows what was there at first. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** What a file contains now. */
  digest(path: string): Digest | Promise<Digest> {
    if (this.#turn === undefined) {
      this.#turn = new Map()
      queueMicrotask(() => {
        this.#turn = undefined
      })
    }
    if (this.#turn.has(path)) return this.#turn.get(path)
    const digest = digestOf(joinPath(this.#root, path))
    this.#turn.set(path, digest)
    return digest
  }

  /** What a file contained when the first targets began to watch it. */
  first(path: string): Digest {
    return this.#first.get(path)
  }

  /**
   * Takes down what files contained when they were listed, one with each step; ends early when that
   * is enough. A file that has changed since, or may have, is left out.
   */
  takeDown(files: Iterable<ListedFile>): Iterator<void> {
    this.#hasBegun = true
    return this.#takeDown(files)
  }

  *#takeDown(files: Iterable<ListedFile>): Generator<void> {
    for (const { path, listedAtMs } of files) {
      if (this.#first.size >= FIRST_FILES_MAX) return
      const digest = digestAt(joinPath(this.#root, path), listedAtMs)
      if (digest !== undefined) this.#first.set(path, digest)
      yield
    }
  }
}

function digestOf(path: string): Digest | Promise<Digest> {
  const look = lookInto(path, () => true)
  switch (look.kind) {
    case 'small':
      return look.digest
    case 'large':
      return streamed(path)
    case 'nothing':
      return undefined
  }
}

/** What a small file contains, if it is sure to be what it contained at that time. */
function digestAt(path: string, atMs: number): Digest {
  const look = lookInto(path, (stats) => !isRacy(stats, atMs))
  return look.kind === 'small' ? look.digest : undefined
}

type Look =
  | { readonly kind: 'small'; readonly digest: string }
  | { readonly kind: 'large' }
  | { readonly kind: 'nothing' }

const NOTHING: Look = { kind: 'nothing' }

/** Reads a file that is small; pipes and devices, which might never end, are not opened to be read. */
function lookInto(path: string, isWanted: (stats: { readonly ctimeMs: number }) => boolean): Look {
  let descriptor: number | undefined
  try {
    // A pipe would keep whoever opens it until somebody writes into it.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const before = fstatSync(descriptor)
    if (!before.isFile() || before.size > LARGE_BYTES || !isWanted(before)) return NOTHING
    if (before.size > SMALL_BYTES) return { kind: 'large' }
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(before.size + 1)
    for (;;) {
      const bytes = readSync(descriptor, buffer, 0, buffer.length, null)
      if (bytes === 0) break
      hash.update(buffer.subarray(0, bytes))
    }
    return isWanted(fstatSync(descriptor))
      ? { kind: 'small', digest: hash.digest('base64') }
      : NOTHING
  } catch {
    return NOTHING
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

async function streamed(path: string): Promise<Digest> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return undefined
  }
  return hash.digest('base64')
}
