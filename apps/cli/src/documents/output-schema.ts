import { z } from 'zod'

import { buildReport, diagnostic, end, hold, problem } from './building-blocks.ts'
import { commandWatchEvent } from './command-watch-event.ts'
import { documentSchemas } from './document-schemas.ts'
import type { DocumentType } from './documents.ts'
import { sessionEvent } from './session-event.ts'
import { targetState } from './target-state.ts'

/** What each command prints with `--json` beside errors, which every command may print. */
const PRINTED: Readonly<
  Record<
    string,
    readonly (DocumentType | 'session-event' | 'command-watch-event' | 'chrome-trace')[]
  >
> = {
  build: ['session-event', 'build-finished', 'build-joined'],
  config: ['config'],
  doctor: ['doctor'],
  env: ['env'],
  exec: ['exec'],
  explain: ['explanation'],
  init: ['init'],
  invoke: ['invocation'],
  'lock break': ['locks-broken'],
  'lock repair': ['lock-repaired'],
  'lock status': ['locks'],
  logs: ['logs', 'log'],
  plan: ['plan'],
  restart: ['restarted'],
  signal: ['signaled'],
  start: ['started'],
  status: ['status', 'history'],
  stop: ['stopped'],
  trace: ['trace', 'chrome-trace'],
  wait: ['wait'],
  watch: ['session-event'],
  'watch --': ['command-watch-event'],
  why: ['why'],
}

/** `trace --output -` prints the trace itself. */
const chromeTrace = z.object({
  displayTimeUnit: z.literal('ms'),
  traceEvents: z.array(z.record(z.string(), z.unknown())),
})

/**
 * The JSON Schema of everything that `--json` prints: anything at the top; what one command prints
 * under `$defs/command NAME`. Fields that are not named are allowed, because later versions add some.
 */
export function outputSchema(): object {
  const registry = z.registry<{ readonly id: string; readonly description?: string }>()
  const add = (id: string, schema: z.ZodType, description?: string): z.ZodType => {
    registry.add(schema, description === undefined ? { id } : { id, description })
    return schema
  }
  add('end', end, 'How a process ended')
  add('hold', hold, 'Why something waits')
  add('diagnostic', diagnostic, 'An error or a warning of a build')
  add('problem', problem, 'Something wrong with the configuration')
  add('build-report', buildReport, 'What came of one target')
  add('target-state', targetState, 'One target at one moment')
  const printed = new Map<string, z.ZodType>([
    ['session-event', add('session-event', sessionEvent, 'Something that happened in a session')],
    [
      'command-watch-event',
      add('command-watch-event', commandWatchEvent, 'Something that happened to a watched command'),
    ],
    ['chrome-trace', add('chrome-trace', chromeTrace, 'The Trace Event Format of Chrome')],
    ...Object.entries(documentSchemas).map(
      ([type, schema]) => [type, add(`document ${type}`, schema)] as const,
    ),
  ])
  for (const [command, types] of Object.entries(PRINTED)) {
    const schemas = [...types, 'error'].flatMap((type) => printed.get(type) ?? [])
    add(`command ${command}`, z.union(schemas), `What "singletrack ${command}" prints with --json`)
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What singletrack prints with --json, version 1',
    anyOf: [...printed.keys()].map((type) => ({
      $ref: pointer(type in documentSchemas ? `document ${type}` : type),
    })),
    $defs: definitions(registry),
  }
}

function definitions(
  registry: z.core.$ZodRegistry<{ readonly id: string }>,
): Readonly<Record<string, unknown>> {
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: pointer })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _id, $schema: _schema, ...schema }]) => [id, schema]),
  )
}

const pointer = (id: string): string => `#/$defs/${encodeURIComponent(id)}`
