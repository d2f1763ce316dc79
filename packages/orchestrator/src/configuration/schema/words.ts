/**
 * zod carries one text for each issue. Ours has two lines: what is wrong, and what to do about it.
 */
export function words(message: string, remedy: string | null): string {
  return remedy === null ? message : `${message}\n${remedy}`
}

export function splitWords(text: string): { message: string; remedy: string | null } {
  const end = text.indexOf('\n')
  if (end === -1) return { message: text, remedy: null }
  return { message: text.slice(0, end), remedy: text.slice(end + 1) }
}

/** A value as it would stand in the file, cut to a readable length and on one line. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

export function kindOfValue(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'string':
      return 'a string'
    case 'number':
    case 'bigint':
      return 'a number'
    case 'boolean':
      return 'true or false'
    default:
      return 'an object'
  }
}

/** The argument vector that a command written as one string most likely means. */
export function suggestArgv(text: string): string {
  if (/[|&;<>$`*?\n]/.test(text)) return `{ "shell": ${show(text)} }`
  const parts = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? ['program']
  const argv = parts.map((part) => JSON.stringify(part.replace(/^(["'])(.*)\1$/, '$2')))
  return `[${argv.join(', ')}]`
}
