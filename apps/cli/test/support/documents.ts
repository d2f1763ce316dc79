import { readFileSync } from 'node:fs'

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'

/** The schema as it is shipped. */
const SHIPPED = new URL('../../output.schema.json', import.meta.url)

const ajv = new Ajv2020({ strict: true, allErrors: true })
const compiled = new Map<string, ValidateFunction>()

/**
 * What is wrong with a line of `--json`; `null` when it is exactly what the shipped schema says of
 * this command. Stricter than the schema: a field that it does not name is wrong here, since
 * nobody has been told of it.
 */
export function documentProblem(args: readonly string[], line: string): string | null {
  const validate = validatorOf(commandOf(args))
  const document: unknown = JSON.parse(line)
  if (validate(document)) return null
  return `singletrack ${args.join(' ')} printed what output.schema.json does not describe:\n${line}\n${meant(validate.errors ?? []).join('\n')}`
}

/** A union tells what is wrong with each of its members; of use is only the one of the right type. */
function meant(errors: readonly ErrorObject[]): readonly string[] {
  const others = errors
    .filter(({ keyword, instancePath }) => keyword === 'const' && instancePath === '/type')
    .map(({ schemaPath }) => schemaPath.replace('properties/type/const', ''))
  return errors
    .filter(({ keyword }) => keyword !== 'anyOf')
    .filter(({ schemaPath }) => others.every((other) => !schemaPath.startsWith(other)))
    .map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
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
  if (compiled.size === 0)
    ajv.addSchema(closed(JSON.parse(readFileSync(SHIPPED, 'utf8'))) as object, 'output')
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
