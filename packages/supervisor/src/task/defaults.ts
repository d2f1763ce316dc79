import type { CommandOptions } from '../command/command.ts'

/** The numbers that a command may leave out. */
export const defaults: Required<Pick<CommandOptions, 'lingerMs' | 'graceMs' | 'maxLineBytes'>> = {
  // Long enough for a helper that ends by itself when its parent does.
  lingerMs: 2_000,
  // What execa and most service managers of development tools allow.
  graceMs: 5_000,
  // Minified bundles and base64 fit; a program that never writes a newline costs no more than this.
  maxLineBytes: 65_536,
}

/** How long the deletion of a job waits for a slow listener to take the last lines. */
export const outputCloseLimitMs = 2_000
