// Writes shared/generated/events.ts from schema/events.json: the type of each event, and a table of
// its fields for checks at run time. Equal input gives equal bytes, and an equal file is not written.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = import.meta.dirname
const source = 'schema/events.json'
const destination = 'shared/generated/events.ts'

/** The TypeScript type of each type of field. */
const types = { string: 'string', integer: 'number', boolean: 'boolean' }

/** A fault in the schema, said so that its author can mend it. */
class SchemaError extends Error {
  /** `:LINE:COLUMN`, or empty where there is none. */
  place = ''
}

function readEvents() {
  const schema = parse(readFileSync(join(root, source), 'utf8'))
  const events = Object.entries(schema).filter(([name]) => name !== '$comment')
  for (const [name, { fields }] of events) {
    if (fields === undefined) throw new SchemaError(`event "${name}" has no "fields"`)
    for (const [field, type] of Object.entries(fields)) {
      if (Object.hasOwn(types, type)) continue
      const known = Object.keys(types).join(', ')
      throw new SchemaError(`"${name}.${field}" is of unknown type "${type}"; known are ${known}`)
    }
  }
  return events.toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch (error) {
    const fault = new SchemaError(error.message, { cause: error })
    const { line, column } =
      /line (?<line>\d+) column (?<column>\d+)/.exec(error.message)?.groups ?? {}
    if (line !== undefined) fault.place = `:${line}:${column}`
    throw fault
  }
}

function generate(events) {
  const lines = [
    `// Written by codegen.mjs from ${source}; edit that one.`,
    '',
    'export interface Events {',
    ...events.flatMap(([name, { description, fields }]) => [
      ...(description === undefined ? [] : [`  /** ${description.replaceAll('*/', '* /')} */`]),
      `  readonly ${JSON.stringify(name)}: {`,
      ...Object.entries(fields).map(
        ([field, type]) => `    readonly ${JSON.stringify(field)}: ${types[type]}`,
      ),
      '  }',
    ]),
    '}',
    '',
    'export const eventFields = {',
    ...events.map(([name, { fields }]) => `  ${JSON.stringify(name)}: ${JSON.stringify(fields)},`),
    '} as const',
    '',
  ]
  return lines.join('\n')
}

function writeIfChanged(path, text) {
  try {
    if (readFileSync(path, 'utf8') === text) return false
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  mkdirSync(dirname(path), { recursive: true })
  // Renamed into place, so that a build never reads half of it.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text)
  renameSync(draft, path)
  return true
}

try {
  const written = writeIfChanged(join(root, destination), generate(readEvents()))
  console.log(written ? `wrote ${destination}` : `${destination} is up to date`)
} catch (error) {
  if (!(error instanceof SchemaError)) throw error
  console.error(`${source}${error.place}: error: ${error.message}`)
  process.exitCode = 1
}
