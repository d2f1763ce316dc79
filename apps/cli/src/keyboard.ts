import { type Key, emitKeypressEvents } from 'node:readline'
import type { ReadStream } from 'node:tty'

/** What a key asks for. */
export type KeyCommand = 'restart' | 'pause' | 'quit' | 'help' | 'interrupt' | 'suspend'

/** The meaning of a key; `null` for one that means nothing. */
export function keyCommand(key: {
  readonly name?: string | undefined
  readonly sequence?: string | undefined
  readonly ctrl?: boolean | undefined
}): KeyCommand | null {
  if (key.ctrl === true) return key.name === 'c' ? 'interrupt' : key.name === 'z' ? 'suspend' : null
  switch (key.name ?? key.sequence) {
    case 'r':
      return 'restart'
    case 'p':
      return 'pause'
    case 'q':
      return 'quit'
    default:
      return key.sequence === '?' ? 'help' : null
  }
}

/** Reads single keys from a terminal, and gives it back as it was when disposed. */
export class Keyboard implements Disposable {
  readonly #input: ReadStream
  readonly #onKey: (_: string | undefined, key: Key) => void

  constructor(input: ReadStream, onCommand: (command: KeyCommand) => void) {
    this.#input = input
    this.#onKey = (_, key) => {
      const command = keyCommand(key)
      if (command !== null) onCommand(command)
    }
    emitKeypressEvents(input)
    input.setRawMode(true)
    input.on('keypress', this.#onKey)
    input.resume()
  }

  [Symbol.dispose](): void {
    this.#input.off('keypress', this.#onKey)
    this.#input.setRawMode(false)
    this.#input.pause()
  }
}
