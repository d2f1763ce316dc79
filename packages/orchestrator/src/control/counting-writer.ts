import { type Message, StreamMessageWriter } from 'vscode-jsonrpc/node'

/** Writes messages, and knows how many of them the other side has not taken yet. */
export class CountingWriter extends StreamMessageWriter {
  /** Messages that wait to be written. */
  pending = 0

  override async write(message: Message): Promise<void> {
    this.pending += 1
    try {
      await super.write(message)
    } finally {
      this.pending -= 1
    }
  }
}
