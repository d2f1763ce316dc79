import { readFileSync } from 'node:fs'

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/** The schema as it is shipped. */
const SHIPPED = new URL('../../output.schema.json', import.meta.url)
const shipped = JSON.parse(readFileSync(SHIPPED, 'utf8')) as Schema

interface Schema {
  readonly [key: string]: unknown
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly const?: unknown
}

const ajv = new Ajv2020({ strict: true, allErrors: true })
const compiled = new Map<string, ValidateFunction>()

/**
 * What is wrong with a line of `--json`; `null` when it is exactly what the shipped schema says of
 * this command. Stricter than the schema: a field that it does not name is wrong here, since
 * nobody has been told of it.
 */
export function documentProblem(args: readonly string[], line: string): string | null {
  const command = commandOf(args)
  const validate = validatorOf(command)
  const document: unknown = JSON.parse(line)
  // Of a million lines of output each would be compared with what every other event looks like.
  const shape = `${command} ${outputShapeOf(document) ?? ''}`
  if (fine.has(shape)) return null
  if (validate(document)) {
    if (outputShapeOf(document) !== null) fine.add(shape)
    return null
  }
  return `singletrack ${args.join(' ')} printed what output.schema.json does not describe:\n${line}\n${meant(commandOf(args), document).join('\n')}`
}

/** Shapes of output that have been found to be as the schema says. */
const fine = new Set<string>()

/** The fields of a line of output, with all but their texts and numbers; `null` for all else. */
function outputShapeOf(document: unknown): string | null {
  if (typeof document !== 'object' || document === null) return null
  if (!('type' in document) || document.type !== 'output') return null
  return JSON.stringify(
    Object.entries(document).map(([key, value]: [string, unknown]) =>
      key === 'source' || key === 'stream' ? [key, value] : [key, typeof value],
    ),
  )
}

/** A union tells what is wrong with each of its members; of use is only the one of the right type. */
function meant(command: string, document: unknown): readonly string[] {
  const type = (document as { readonly type?: unknown } | null)?.type
  const errors = membersOf(`#/$defs/${encodeURIComponent(`command ${command}`)}`, type)
    .map((pointer) => ajv.getSchema(`output${pointer}`))
    .flatMap((validate) => (validate?.(document) === false ? (validate.errors ?? []) : []))
  return errors.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** Where the schemas of the documents with this type are, among all that a schema allows. */
function membersOf(pointer: string, type: unknown): readonly string[] {
  const schema = pointer
    .slice(2)
    .split('/')
    .reduce<Schema>((inner, key) => inner[decodeURIComponent(key)] as Schema, shipped)
  if (schema.$ref !== undefined) return membersOf(schema.$ref, type)
  if (schema.anyOf !== undefined)
    return schema.anyOf.flatMap((_, index) => membersOf(`${pointer}/anyOf/${index}`, type))
  return schema.properties?.['type']?.const === type ? [pointer] : []
}

/** The name under which the schema knows what these arguments print. */
function commandOf(args: readonly string[]): string {
  const dashes = args.indexOf('--')
  const own = dashes === -1 ? args : args.slice(0, dashes)
  const [command = '', subcommand = ''] = own.filter((arg) => !arg.startsWith('-'))
  if (command === 'watch' && dashes !== -1) return 'watch --'
  return command === 'lock' ? `lock ${subcommand}` : command
}

function validatorOf(command: string): ValidateFunction {
  if (compiled.size === 0) ajv.addSchema(closed(shipped) as Schema, 'output')
  const known = compiled.get(command)
  if (known !== undefined) return known
  const name = `command ${command}`
  const validate = ajv.getSchema(`output#/$defs/${encodeURIComponent(name)}`)
  if (validate === undefined) throw new Error(`the schema of the output describes no "${name}"`)
  compiled.set(command, validate)
  return validate
}

/** The same schema, with fields that it does not name refused. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  )
  return 'properties' in inner && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner
}
