import { z } from 'zod'

import {
  buildReport,
  durationMs,
  isoTime,
  moment,
  names,
  pid,
  problem,
  stream,
} from './building-blocks.ts'
import type { DocumentType, Documents } from './documents.ts'
import { type Plain, exactly } from './exactly.ts'
import { brokenLock, outcomeRecord, placedLockView } from './locks.ts'
import { sessionEvent } from './session-event.ts'
import { settlement, targetState } from './target-state.ts'

/** A document as it stands on stdout. */
type Printed<Type extends DocumentType> = { readonly v: 1; readonly type: Type } & Documents[Type]

type DocumentSchemas = { readonly [Type in DocumentType]: z.ZodType<Plain<Printed<Type>>> }

const head = <Type extends DocumentType>(
  type: Type,
): { readonly v: z.ZodLiteral<1>; readonly type: z.ZodLiteral<Type> } => ({
  v: z.literal(1),
  type: z.literal(type),
})

const logRecord = {
  time: isoTime,
  target: z.string(),
  source: z.enum(['build', 'run']),
  stream,
  line: z.string(),
  run: z.int().exactOptional().describe('Which build or run of the target it was'),
}

const waitFor = z.union([
  z.object({ kind: z.literal('settled') }),
  z.object({ kind: z.literal('ready'), targets: names }),
])

const waitResult = z.union([
  z.object({ kind: z.literal('reached') }),
  z.object({
    kind: z.literal('broken'),
    targets: z.array(z.object({ name: z.string(), why: z.string() })),
  }),
  z.object({ kind: z.literal('timed-out'), targets: names }),
])

const ignoredBy = z.union([
  z.object({
    kind: z.literal('file'),
    file: z.string().describe('The ignore file, relative to the root'),
    line: z.int().describe('One-based'),
    pattern: z.string(),
  }),
  z.object({
    kind: z.literal('option'),
    pattern: z.string().describe('As it stands in the setting ignore'),
  }),
  z.object({
    kind: z.literal('default'),
    pattern: z.string().describe('Ignored unless the setting ignore takes it back'),
  }),
  z.object({ kind: z.literal('never-watched'), name: z.string().describe('Such as .git') }),
])

const planStep = z.object({
  target: z.string(),
  action: z.enum(['build', 'restart', 'start']),
  because: z.string(),
  waitsFor: names.describe('Targets that must be built or ready before'),
  uses: names.describe('Resources that it takes'),
  expectedStartMs: durationMs.nullable().describe('From now; null where nothing was timed yet'),
  expectedMs: durationMs.nullable(),
})

const finding = z.object({
  check: z.enum([
    'versions',
    'watch-limits',
    'file-system',
    'clock',
    'locks',
    'leftovers',
    'cargo',
  ]),
  level: z.enum(['ok', 'warning', 'problem']),
  text: z.string(),
  remedy: z.string().nullable(),
})

const ended = z.union([
  z.object({ kind: z.literal('code'), code: z.int() }),
  z.object({ kind: z.literal('signal'), signal: z.string() }),
])

/** The schema of every document, checked against its type by the compiler. */
export const documentSchemas: DocumentSchemas = {
  'build-finished': exactly<Printed<'build-finished'>>()(
    z.object({ ...head('build-finished'), reports: z.array(buildReport) }),
  ),
  'build-joined': exactly<Printed<'build-joined'>>()(
    z.object({
      ...head('build-joined'),
      ok: z.boolean(),
      exitCode: z.int().nullable(),
      summary: z.string().nullable(),
      startedBeforeRequest: z.boolean(),
    }),
  ),
  config: exactly<Printed<'config'>>()(
    z.object({
      ...head('config'),
      root: z.string(),
      files: names.describe('Strongest first'),
      targets: names,
      settings: z
        .array(z.object({ path: z.string(), value: z.unknown(), origin: z.string() }))
        .describe('Empty unless they were asked for'),
    }),
  ),
  doctor: exactly<Printed<'doctor'>>()(
    z.object({ ...head('doctor'), root: z.string(), findings: z.array(finding) }),
  ),
  env: exactly<Printed<'env'>>()(
    z.object({
      ...head('env'),
      target: z.string(),
      cwd: z.string(),
      env: z.record(z.string(), z.string()),
    }),
  ),
  exec: exactly<Printed<'exec'>>()(
    z.object({
      ...head('exec'),
      program: z.string(),
      locks: names,
      waitedMs: durationMs,
      end: ended,
      exitCode: z.int(),
    }),
  ),
  explanation: exactly<Printed<'explanation'>>()(
    z.object({
      ...head('explanation'),
      path: z.string(),
      watched: z.boolean(),
      ignoredBy: ignoredBy.nullable().describe('What hides it from all targets'),
      targets: z.array(
        z.object({
          name: z.string(),
          rule: z.string(),
          does: z.string().describe('build, restart, pass-on or remember'),
        }),
      ),
      madeBy: z.array(z.string()).describe('The targets whose outputs it is among'),
    }),
  ),
  history: exactly<Printed<'history'>>()(
    z.object({ ...head('history'), root: z.string(), outcomes: z.array(outcomeRecord) }),
  ),
  init: exactly<Printed<'init'>>()(
    z.object({
      ...head('init'),
      file: z.string(),
      targets: names,
      ignored: z.boolean().describe('Whether .gitignore was told of the local file'),
    }),
  ),
  invocation: exactly<Printed<'invocation'>>()(
    z.object({
      ...head('invocation'),
      target: z.string(),
      status: z.int(),
      functionError: z.string().nullable(),
      durationMs,
      payload: z.unknown().describe('What the function answered: JSON as JSON, other text as text'),
    }),
  ),
  'lock-repaired': exactly<Printed<'lock-repaired'>>()(
    z.object({
      ...head('lock-repaired'),
      root: z.string(),
      lock: z.string(),
      moved: names,
      to: z.string().nullable(),
    }),
  ),
  locks: exactly<Printed<'locks'>>()(
    z.object({ ...head('locks'), root: z.string(), locks: z.array(placedLockView) }),
  ),
  'locks-broken': exactly<Printed<'locks-broken'>>()(
    z.object({ ...head('locks-broken'), locks: z.array(brokenLock) }),
  ),
  log: exactly<Printed<'log'>>()(z.object({ ...head('log'), ...logRecord })),
  logs: exactly<Printed<'logs'>>()(
    z.object({ ...head('logs'), records: z.array(z.object(logRecord)) }),
  ),
  plan: exactly<Printed<'plan'>>()(
    z.object({ ...head('plan'), change: z.string().nullable(), steps: z.array(planStep) }),
  ),
  restarted: exactly<Printed<'restarted'>>()(z.object({ ...head('restarted'), targets: names })),
  signaled: exactly<Printed<'signaled'>>()(
    z.object({ ...head('signaled'), target: z.string(), signal: z.string() }),
  ),
  started: exactly<Printed<'started'>>()(
    z.object({
      ...head('started'),
      targets: names,
      started: names.describe('Those of them that had not been started before'),
    }),
  ),
  status: exactly<Printed<'status'>>()(
    z.object({
      ...head('status'),
      root: z.string(),
      pid,
      version: z.string(),
      startedAt: moment,
      watching: z.boolean(),
      paused: z.boolean(),
      configuration: z.union([
        z.object({ kind: z.literal('valid') }),
        z.object({ kind: z.literal('invalid'), problems: names }),
      ]),
      settlement,
      targets: z.array(targetState),
      endpoint: z.string().exactOptional().describe('Where functions are invoked'),
    }),
  ),
  stopped: exactly<Printed<'stopped'>>()(z.object({ ...head('stopped'), targets: names })),
  trace: exactly<Printed<'trace'>>()(
    z.object({ ...head('trace'), file: z.string(), entries: z.int() }),
  ),
  wait: exactly<Printed<'wait'>>()(z.object({ ...head('wait'), for: waitFor, result: waitResult })),
  why: exactly<Printed<'why'>>()(
    z.object({
      ...head('why'),
      target: z.string(),
      chain: z.array(sessionEvent).describe('The oldest cause first'),
      state: targetState,
    }),
  ),
  error: exactly<Printed<'error'>>()(
    z.object({
      ...head('error'),
      code: z.string().describe('A stable word, such as NO_SESSION'),
      message: z.string().describe('For people; may take several lines'),
      exitCode: z.int(),
      problems: z.array(problem).exactOptional(),
      found: names.exactOptional(),
      holder: z.object({ root: z.string(), label: z.string(), pid }).exactOptional(),
      pid: pid.exactOptional(),
      label: z.string().exactOptional(),
      locks: names.exactOptional(),
      program: z.string().exactOptional(),
      waitedMs: durationMs.exactOptional(),
    }),
  ),
}
