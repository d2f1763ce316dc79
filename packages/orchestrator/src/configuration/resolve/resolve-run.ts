import {
  itemsAt,
  optionalBoolean,
  optionalDuration,
  optionalNumber,
  readBoolean,
  readDuration,
  readNumber,
  readText,
  readWord,
} from '../document/read-setting.ts'
import { type SectionNode, nodeAt, sectionAt } from '../document/setting-node.ts'
import { signals } from '../schema/setting-types.ts'
import type { Cors, Invocation, Readiness, RestartPolicy, Run, Stop } from '../workspace.ts'
import { type TargetContext, commandAt, expand } from './target-context.ts'

/** The run of a target; null if it has none, or one without a command. */
export function resolveRun(context: TargetContext): Run | null {
  const run = sectionAt(context.node, 'run')
  if (run === undefined) return null
  const command = commandAt(context, run.entries.get('command'))
  if (command === null) {
    if (!run.damaged)
      context.problems.add(
        run.place,
        'has no command',
        'add "command": ["program", "argument"], or null for no run',
      )
    return null
  }
  return {
    command,
    port: optionalNumber(run, 'port'),
    ready: readinessOf(context, run),
    stop: stopOf(context, run),
    restart: restartOf(context, run),
    debug: readBoolean(run, 'debug'),
  }
}

/** What decides that the run is ready; checked are, in this order, the keys that exclude others. */
function readinessOf(context: TargetContext, run: SectionNode): Readiness {
  const ready = sectionAt(run, 'ready')
  if (ready === undefined) return { kind: 'spawned' }
  const timeoutMs = readDuration(ready, 'timeout')
  const checks = [...ready.entries.keys()].filter((key) => key !== 'timeout')
  if (checks.length > 1)
    context.problems.add(
      ready.keyPlace,
      `has several checks: ${checks.join(', ')}`,
      'keep one of them',
    )
  const node = ready.entries.get(checks[0] ?? '')
  if (node === undefined) return withoutCheck(run, timeoutMs)
  switch (checks[0]) {
    case 'port':
      return { kind: 'port', port: readNumber(node), timeoutMs }
    case 'http':
      return { kind: 'http', url: urlOf(context, run, expand(node, context), node), timeoutMs }
    case 'output':
      return { kind: 'output', pattern: readText(node), timeoutMs }
    case 'exec': {
      const command = commandAt(context, node)
      return command === null ? { kind: 'spawned' } : { kind: 'exec', command, timeoutMs }
    }
    default:
      return { kind: 'lambda', timeoutMs }
  }
}

/** Only a time limit was said: the check is the default one. */
function withoutCheck(run: SectionNode, timeoutMs: number): Readiness {
  const port = optionalNumber(run, 'port')
  return port === null ? { kind: 'spawned' } : { kind: 'port', port, timeoutMs }
}

/** A path is asked of the target's own port, on whichever loopback address it listens. */
function urlOf(
  context: TargetContext,
  run: SectionNode,
  text: string,
  node: { readonly place: SectionNode['place'] },
): string {
  if (text.startsWith('/')) {
    const port = optionalNumber(run, 'port')
    if (port === null) {
      const remedy = `set "run.port", or write "http://localhost:PORT${text}"`
      context.problems.add(node.place, 'a path needs a port to ask', remedy)
    }
    return `http://localhost:${port ?? 0}${text}`
  }
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    context.problems.add(node.place, 'this is no address', 'write "/health" or "http://…"')
  }
  return text
}

function stopOf(context: TargetContext, run: SectionNode): Stop {
  return {
    signal: readWord(signals, run, 'stop', 'signal'),
    graceMs: readDuration(run, 'stop', 'grace'),
    command: commandAt(context, nodeAt(run, ['stop', 'command'])),
  }
}

function restartOf(context: TargetContext, run: SectionNode): RestartPolicy {
  const restart = sectionAt(run, 'restart')
  const initialMs = readDuration(restart, 'initial')
  const maxMs = readDuration(restart, 'max')
  if (initialMs > maxMs && restart !== undefined) {
    const said = restart.entries.get('initial') ?? restart
    const remedy = `write "initial" no longer than "max" (${readText(restart, 'max')})`
    context.problems.add(said.place, 'the first wait is longer than the longest', remedy)
  }
  return {
    on: readWord(['crash', 'never'], restart, 'on'),
    initialMs,
    maxMs,
    times: readNumber(restart, 'times'),
    withinMs: readDuration(restart, 'within'),
  }
}

/** How a target answers invocations; null for one that does not. */
export function resolveInvocation(context: TargetContext): Invocation | null {
  const invocation = sectionAt(context.node, 'invocation')
  if (invocation === undefined) return null
  return {
    timeoutMs: readDuration(invocation, 'timeout'),
    concurrency: readNumber(invocation, 'concurrency'),
    queueLimit: readNumber(invocation, 'queueLimit'),
    queueTimeoutMs: readDuration(invocation, 'queueTimeout'),
    idleMs: invocation.entries.has('idle') ? readDuration(invocation, 'idle') : null,
    memoryMb: readNumber(invocation, 'memory'),
    cors: corsOf(sectionAt(invocation, 'cors')),
  }
}

function corsOf(cors: SectionNode | undefined): Cors | null {
  if (cors === undefined) return null
  const list = (name: string): readonly string[] =>
    itemsAt(cors, name).map((item) => readText(item))
  return {
    allowOrigins: list('allowOrigins'),
    allowMethods: list('allowMethods'),
    allowHeaders: list('allowHeaders'),
    exposeHeaders: list('exposeHeaders'),
    allowCredentials: optionalBoolean(cors, 'allowCredentials') ?? false,
    maxAgeSeconds: Math.round((optionalDuration(cors, 'maxAge') ?? 0) / 1000),
  }
}
