import * as z from 'zod'

import { parseDuration } from './duration.ts'
import { show, suggestArgv, words } from './words.ts'

/** An object with exactly these keys. The text of an unknown key's issue lists the known ones. */
export function section(shape: z.core.$ZodLooseShape): z.ZodType {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined),
  })
}

/** Every key may be left out, or be null to remove what a preset or the shared file says. */
export function key(type: z.ZodType, description: string): z.ZodType {
  return type.nullable().optional().describe(description)
}

const durationError = ({ input }: { readonly input?: unknown }): string => {
  if (typeof input === 'number')
    return words(`${input} has no unit`, `write "${input}ms", "${input}s" or "${input}m"`)
  const remedy = 'write a number and its unit, such as "50ms", "2s", "10m" or "1h"'
  if (typeof input !== 'string') return words('expected a duration', remedy)
  if (/^\d+$/.test(input))
    return words(`${show(input)} has no unit`, `write "${input}ms", "${input}s" or "${input}m"`)
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(input))
    return words(`${show(input)} is too long`, 'the longest duration is "596h"')
  return words(`${show(input)} is no duration`, remedy)
}

export const duration: z.ZodType = z
  .string({ error: durationError })
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, { error: durationError, abort: true })
  .refine((text) => parseDuration(text) !== null, { error: durationError })
  .describe('A duration with its unit: "50ms", "2s", "10m", "1h".')

/** A duration of zero would fire at once. */
export const timeout: z.ZodType = duration.refine((text) => parseDuration(String(text)) !== 0, {
  error: words('a time limit of zero never holds', 'write a longer one, or null for none'),
})

export const text: z.ZodType = z
  .string()
  .min(1, { error: words('is empty', 'write a text, or null to leave it out') })
  .refine((value) => !value.includes('\0'), { error: 'contains a NUL character' })

export const port: z.ZodType = z.int().min(1).max(65_535)

export const signals = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGKILL',
] as const

export const regularExpression: z.ZodType = text.refine(
  (value) => syntaxFault(String(value)) === null,
  {
    error: ({ input }) =>
      words(
        `is no regular expression: ${syntaxFault(String(input)) ?? ''}`,
        'write it in the syntax of JavaScript, without the slashes',
      ),
  },
)

function syntaxFault(pattern: string): string | null {
  try {
    RegExp(pattern, 'u').test('')
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*:\s*/s, '') : String(error)
  }
}

const commandError = ({ input }: { readonly input?: unknown }): string | undefined => {
  if (typeof input === 'string')
    return words('a string is no command', `write ${suggestArgv(input)}`)
  return words('this is no command', 'write ["program", "argument"] or { "shell": "…" }')
}

const noProgram = words('names no program', 'write ["program", "argument"]')

const argv: z.ZodType = z
  .array(z.string().refine((value) => !value.includes('\0'), { error: 'contains a NUL character' }))
  .min(1, { error: noProgram })
  .refine((items) => items[0] !== '', { error: noProgram })

const shellLine: z.ZodType = text.describe('A line for the shell (`sh -c`).')

export const command: z.ZodType = z.union([argv, section({ shell: shellLine })], {
  error: commandError,
})

/** `run` and `build`: an array is short for `{ "command": […] }`. */
export function commandSection(shape: Record<string, z.ZodType>): z.ZodType {
  const commandKey = key(command, 'The program and its arguments, or { "shell": "…" }.')
  const shell = key(text, 'Short for "command": { "shell": "…" }.')
  return z.union([argv, section({ command: commandKey, shell, ...shape })], { error: commandError })
}

const resourceNameWords = words(
  'is no resource name',
  'use 1 to 32 of a-z, 0-9, "-" and "_"; "watch" is reserved',
)

export const resourceName: z.ZodString = z
  .string()
  .regex(/^(?!watch$)[a-z0-9_-]{1,32}$/, { error: resourceNameWords })

export const targetName: z.ZodString = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, {
  error: words(
    'is no name for a target',
    'use up to 64 letters, digits, ".", "-" and "_", beginning with a letter or digit',
  ),
})

export const variableName: z.ZodString = z.string().regex(/^[^=\0]+$/, {
  error: words('is no name for a variable', 'use letters, digits and "_"'),
})
