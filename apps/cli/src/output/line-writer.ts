import { stripVTControlCharacters } from 'node:util'

import type { SessionEvent } from '@singletrack/orchestrator'
import pico from 'picocolors'

import { type Tone, eventText } from './event-text.ts'

type Colors = ReturnType<typeof pico.createColors>

/** Hues that are readable on dark and on light terminals, handed out in the order of the targets. */
const HUES = ['cyan', 'magenta', 'blue', 'yellow', 'green'] as const

/** The column of names is never wider than this; a longer name pushes its own line only. */
const MAX_NAME_WIDTH = 20

/**
 * Turns events into prefixed lines for people: one line an event, one line an output line, the
 * name of the target first. Pure but for the names it has seen, which fix the width and the hue.
 */
export class LineWriter {
  readonly #colors: Colors
  readonly #quiet: boolean
  readonly #hues = new Map<string, (typeof HUES)[number]>()
  #width = 'singletrack'.length

  constructor(options: {
    readonly colors: boolean
    readonly quiet: boolean
    readonly names: readonly string[]
  }) {
    this.#colors = pico.createColors(options.colors)
    this.#quiet = options.quiet
    for (const name of options.names) this.#hueOf(name)
  }

  /** The lines for one event, without line ends. */
  lines(event: SessionEvent): readonly string[] {
    if (event.type === 'output') {
      const line = this.#colors.isColorSupported ? event.line : stripVTControlCharacters(event.line)
      return [`${this.#prefix(event.target)} ${this.#colors.dim('│')} ${line}`]
    }
    const text = eventText(event)
    if (text === null || (this.#quiet && text.tone === 'quiet')) return []
    const prefix =
      text.subject === null
        ? this.#colors.bold('singletrack'.padEnd(this.#width))
        : this.#prefix(text.subject)
    return [
      `${prefix}   ${this.#tint(text.tone, text.text)}`,
      ...text.details.map((detail) => `${prefix}     ${detail}`),
    ]
  }

  #prefix(name: string): string {
    const hue = this.#hueOf(name)
    return this.#colors[hue](name.padEnd(this.#width))
  }

  #hueOf(name: string): (typeof HUES)[number] {
    const known = this.#hues.get(name)
    if (known !== undefined) return known
    const hue = HUES[this.#hues.size % HUES.length] ?? 'cyan'
    this.#hues.set(name, hue)
    this.#width = Math.max(this.#width, Math.min(name.length, MAX_NAME_WIDTH))
    return hue
  }

  #tint(tone: Tone, text: string): string {
    switch (tone) {
      case 'good':
        return this.#colors.green(text)
      case 'bad':
        return this.#colors.red(text)
      case 'notice':
        return text
      case 'quiet':
        return this.#colors.dim(text)
    }
  }
}
