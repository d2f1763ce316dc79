import { constants } from 'node:os'

import type { Command } from './command/command.ts'
import type { Grace } from './control/control.ts'

/** The longest time that a timer of the system can measure, about 25 days. */
const longestDelayMs = 2_147_483_647

export function validSignal(signal: NodeJS.Signals): NodeJS.Signals {
  if (Object.hasOwn(constants.signals, signal)) return signal
  throw new TypeError(`this system has no signal named ${shown(signal)}; try SIGTERM`)
}

export function validGrace(signal: NodeJS.Signals, graceMs: number): Grace {
  return { signal: validSignal(signal), graceMs: validDelay('graceMs', graceMs) }
}

/** Throws a `TypeError` or `RangeError` that names the field of the command that is wrong. */
export function validCommand(command: Command): Command {
  const { program, options = {} } = command
  const name = 'shell' in program ? program.shell : program.exec
  const field = 'shell' in program ? 'program.shell' : 'program.exec'
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`${field} must be the name or the path of a program, not ${shown(name)}`)
  }
  if ('shell' in program && typeof program.command !== 'string') {
    throw new TypeError(
      `program.command must be a line for the shell, not ${shown(program.command)}`,
    )
  }
  for (const key of ['lingerMs', 'graceMs'] as const) {
    const value = options[key]
    if (value !== undefined) validDelay(`options.${key}`, value)
  }
  const { maxLineBytes } = options
  if (maxLineBytes !== undefined && !(maxLineBytes >= 4)) {
    throw new RangeError(`options.maxLineBytes must be 4 or more, not ${shown(maxLineBytes)}`)
  }
  return command
}

function validDelay(name: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value
  if (typeof value === 'number' && value >= 0 && value <= longestDelayMs) return value
  throw new RangeError(
    `${name} must be milliseconds from 0 to ${longestDelayMs}, not ${shown(value)}`,
  )
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
