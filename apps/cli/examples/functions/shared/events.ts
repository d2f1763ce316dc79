import { type Events, eventFields } from './generated/events.ts'
import { BadRequest } from './serve.ts'

export type EventName = keyof Events

/** The names of an event's fields, as the schema has them. */
export function fieldsOf(name: EventName): readonly string[] {
  return Object.keys(eventFields[name])
}

/**
 * Checks that a value is an event of this name.
 *
 * @throws BadRequest naming each field that is missing or of the wrong type
 */
export function parseEvent<Name extends EventName>(name: Name, value: unknown): Events[Name] {
  if (isEvent(name, value)) return value
  throw new BadRequest(wrongFields(name, value).join(', '))
}

function isEvent<Name extends EventName>(name: Name, value: unknown): value is Events[Name] {
  return wrongFields(name, value).length === 0
}

function wrongFields(name: EventName, value: unknown): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(value ?? {}))
  const types: Readonly<Record<string, string>> = eventFields[name]
  return Object.entries(types)
    .filter(([field, type]) => !isOfType(given.get(field), type))
    .map(([field, type]) => `${field} must be ${type}`)
}

function isOfType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}
