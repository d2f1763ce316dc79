import type { ServerResponse } from 'node:http'

import { stalledAnswerMs } from './reply.ts'

/**
 * Writes a chunk and waits until there is room for the next. False once the client is gone; a
 * client that stops reading is waited for, but not forever. A function may be silent for as long as
 * its deadline allows: only a client that takes nothing is given up.
 */
export function writeChunk(response: ServerResponse, chunk: Buffer): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false)
  if (response.write(chunk)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      response.destroy()
    }, stalledAnswerMs)
    const onDrain = (): void => {
      clearTimeout(timer)
      response.off('close', onClose)
      resolve(true)
    }
    const onClose = (): void => {
      clearTimeout(timer)
      response.off('drain', onDrain)
      resolve(false)
    }
    response.once('drain', onDrain)
    response.once('close', onClose)
  })
}
