import {
  type PlainValue,
  type SectionNode,
  type SettingNode,
  nodeAt,
  nodeFrom,
  sectionAt,
} from '../document/setting-node.ts'

/** What a workspace has where the configuration says nothing; the table of the README. */
export const workspaceDefaults = {
  ignore: [],
  gitignore: true,
  debounce: '50ms',
  singleDebounce: '10ms',
  maxWait: '400ms',
  policy: 'attention',
  watcher: { backend: 'auto', poll: false, followSymlinks: false },
} as const

/** What a target has where neither it nor its presets say anything. */
const targetDefaults = {
  cwd: '.',
  watch: ['**'],
  dependsOn: [],
  priority: 0,
  start: 'eager',
} as const

/** One build at a time in the workspace, unless the configuration says that more is safe. */
const buildDefaults = {
  uses: ['build'],
  outputs: [],
  onBusy: 'queue',
  diagnostics: 'auto',
} as const

const runDefaults = {
  stop: { signal: 'SIGTERM', grace: '5s' },
  restart: { on: 'crash', initial: '200ms', max: '10s', times: 5, within: '1m' },
  debug: false,
} as const

const readyDefaults = { timeout: '30s' } as const

const invocationDefaults = {
  timeout: '30s',
  concurrency: 1,
  queueLimit: 100,
  queueTimeout: '15m',
  memory: 128,
} as const

/** The defaults for one target, which depend on what it is. */
export function defaultsFor(target: SectionNode): SettingNode {
  const run = sectionAt(target, 'run')
  const answers = start(target) === 'on-invoke' || nodeAt(run, ['ready', 'lambda']) !== undefined
  return nodeFrom(
    {
      ...targetDefaults,
      ...(sectionAt(target, 'build') === undefined ? {} : { build: buildDefaults }),
      ...(run === undefined ? {} : { run: { ...runDefaults, ready: defaultReady(target, run) } }),
      ...(answers || sectionAt(target, 'invocation') ? { invocation: invocationDefaults } : {}),
    },
    { kind: 'default' },
  )
}

/** Its port, else for a function its first request for work, else at once. */
function defaultReady(target: SectionNode, run: SectionNode): PlainValue {
  if (sectionAt(run, 'ready') !== undefined) return readyDefaults
  const port = run.entries.get('port')
  if (port?.kind === 'scalar') return { port: port.value, ...readyDefaults }
  return start(target) === 'on-invoke' ? { lambda: true, ...readyDefaults } : 'spawned'
}

function start(target: SectionNode): unknown {
  const node = target.entries.get('start')
  return node?.kind === 'scalar' ? node.value : undefined
}
