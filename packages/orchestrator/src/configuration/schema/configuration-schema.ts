import * as z from 'zod'

import { invocation } from './invocation-schema.ts'
import { unknownWord } from './nearest-name.ts'
import {
  command,
  commandSection,
  duration,
  key,
  port,
  regularExpression,
  resourceName,
  section,
  signals,
  targetName,
  text,
  timeout,
  variableName,
} from './setting-types.ts'
import { words } from './words.ts'

const texts = z.array(text)
const oneOrMore = z.union([text, texts], {
  error: words('expected a string or an array of strings', null),
})

const restart = section({
  on: key(z.enum(['crash', 'never']), 'When to start it again: after a crash, or never.'),
  initial: key(
    duration,
    'The first wait before a restart; it doubles each time. Default: "200ms".',
  ),
  max: key(duration, 'The longest wait before a restart. Default: "10s".'),
  times: key(
    z.int().min(0),
    'So many restarts within "within", then it waits for a change. Default: 5.',
  ),
  within: key(timeout, 'The window in which restarts are counted. Default: "1m".'),
})

const stop = section({
  signal: key(z.enum(signals), 'The signal that asks it to stop. Default: "SIGTERM".'),
  grace: key(duration, 'How long it may take before it is killed. Default: "5s".'),
  command: key(command, 'Run before any signal, for what a daemon started for us.'),
})

const ready = z.union(
  [
    z.literal('spawned'),
    section({
      port: key(port, 'Ready when this port accepts connections.'),
      http: key(text, 'Ready when this URL, or path on "port", answers with a success.'),
      output: key(regularExpression, 'Ready when a line of its output matches.'),
      exec: key(command, 'Ready when this command exits 0.'),
      lambda: key(z.literal(true), 'Ready when it asks for its first invocation.'),
      timeout: key(timeout, 'After this it is shown as not ready, until it is. Default: "30s".'),
    }),
  ],
  {
    error: words(
      'this is no readiness check',
      'write { "port": 3000 }, { "http": "/health" }, { "output": "…" } or { "exec": […] }',
    ),
  },
)

const run = commandSection({
  port: key(port, 'Sets PORT, is the readiness check, and is free before a successor starts.'),
  ready: key(ready, 'When others may rely on it. Default: its port, else at once.'),
  stop: key(stop, 'How it is stopped.'),
  restart: key(restart, 'What happens after a crash.'),
  debug: key(z.boolean(), 'Start it so that a debugger can attach. Default: false.'),
})

const joint = z
  .array(
    z.union(
      [
        z.string(),
        section({
          each: z.array(z.string()).describe('Arguments that are repeated for each member.'),
        }),
      ],
      { error: words('expected an argument', 'write a string or { "each": ["${name}"] }') },
    ),
  )
  .min(1)

const units = z.int().min(1)

const tools = ['auto', 'cargo', 'tsc', 'esbuild', 'eslint', 'gnu', 'go', 'off'] as const

const build = commandSection({
  joint: key(joint, 'One command that builds several ready targets.'),
  uses: key(
    z.union([z.array(resourceName), z.record(resourceName, units.nullable())], {
      error: words(
        'expected the resources that this build uses',
        'write ["name"] or { "name": 1 }',
      ),
    }),
    'Resources held while it builds. Default: "build", one build at a time. [] for none.',
  ),
  outputs: key(texts, 'What it writes, as globs. They never trigger the target itself.'),
  onBusy: key(
    z.enum(['queue', 'restart', 'ignore']),
    'A change while it builds: finish and build once more, abort and build, or ignore.',
  ),
  timeout: key(timeout, 'The longest time a build may take. Default: none.'),
  diagnostics: key(
    z.union(
      [
        z.enum(tools),
        section({
          pattern: regularExpression.describe(
            'A regular expression with the groups file, line, column, severity and message.',
          ),
        }),
      ],
      {
        error: ({ input }) =>
          typeof input === 'string'
            ? unknownWord(input, tools)
            : words('expected the name of a tool', 'write "auto", "off" or { "pattern": "…" }'),
      },
    ),
    'How errors are found in its output. Default: "auto".',
  ),
})

const dependency = z.union(
  [
    text,
    section({
      target: text.describe('The name of the target.'),
      until: key(z.enum(['built', 'ready', 'exited']), 'What to wait for.'),
      restart: key(z.boolean(), 'Restart with it. Default: false.'),
    }),
  ],
  {
    error: words('expected a dependency', 'write "name" or { "target": "name", "until": "ready" }'),
  },
)

const value = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: words('expected a string', null),
})

const targetShape = {
  extends: key(oneOrMore, 'Presets to start from; the last one wins.'),
  cwd: key(text, 'The directory in which its commands run, from the root.'),
  env: key(z.record(variableName, value), 'Environment variables of its commands.'),
  envFile: key(oneOrMore, 'Files with environment variables, from "cwd"; they are watched.'),
  watch: key(
    texts,
    'Globs from "cwd"; "/" begins at the root, "!" excludes. Default: all of "cwd". [] for none.',
  ),
  debounce: key(duration, 'Quiet time before a change counts, for this target.'),
  singleDebounce: key(duration, 'The same while a single file was saved, for this target.'),
  maxWait: key(timeout, 'The longest time that changes are collected, for this target.'),
  priority: key(
    z.int().min(-1000).max(1000),
    'Higher goes first, under a policy that asks. Default: 0.',
  ),
  dependsOn: key(z.array(dependency), 'Targets that go first, in every round.'),
  start: key(
    z.enum(['eager', 'on-invoke', 'manual', 'external']),
    'When it starts: with the session, on its first invocation, by hand, or by a debugger.',
  ),
  build: key(build, 'A command that ends.'),
  run: key(run, 'A command that stays.'),
  invocation: key(invocation, 'How it answers invocations.'),
}

const capacity = z.int().min(1)
const resource = z.union(
  [
    capacity,
    section({
      capacity: key(capacity, 'How many units there are. 1 is a lock between processes.'),
      at: key(text, 'The directory it stands for; all who share that directory share the lock.'),
      lock: key(resourceName, 'The name of its lock, where others call it that. Default: its own.'),
    }),
  ],
  { error: words('expected a capacity', 'write a number or { "capacity": 1, "at": "directory" }') },
)

const watcher = section({
  backend: key(
    z.enum(['auto', 'chokidar', 'inotify', 'poll']),
    'How files are watched. Default: "auto".',
  ),
  poll: key(
    z.boolean(),
    'Look instead of listening, for file systems without events. Default: false.',
  ),
  followSymlinks: key(z.boolean(), 'Watch behind symbolic links. Default: false.'),
})

/** The one description of `singletrack.jsonc`, from which checks and the JSON Schema are made. */
const configuration: z.ZodType = section({
  $schema: key(z.string(), 'The JSON Schema, for editors.'),
  resources: key(
    z.record(resourceName, resource.nullable()),
    'Things that builds share, with how many of them there are.',
  ),
  ignore: key(
    texts,
    'Never watched, in the syntax of .gitignore; beside node_modules/ and what editors leave behind.',
  ),
  gitignore: key(z.boolean(), 'Whether .gitignore files are honored. Default: true.'),
  debounce: key(duration, 'Quiet time before a change counts. Default: "50ms".'),
  singleDebounce: key(
    duration,
    'The same while all that changed is that a single file was saved. Default: "10ms", or what "debounce" says.',
  ),
  maxWait: key(timeout, 'The longest time that changes are collected. Default: "400ms".'),
  policy: key(
    z.enum(['fifo', 'lifo', 'priority', 'shortestFirst', 'topological', 'attention']),
    'Which build goes first when several wait. Default: "attention".',
  ),
  concurrency: key(z.int().min(1), 'The most builds at one time. Default: one for each core.'),
  watcher: key(watcher, 'How files are watched.'),
  presets: key(
    z.record(targetName, section(targetShape).nullable()),
    'Settings that targets take over with "extends".',
  ),
  targets: key(
    z.record(targetName, section(targetShape).nullable()),
    'What is built and run, by name.',
  ),
}).describe('Configuration of Singletrack.')

/** Checks a plain value; see `checkShape` for problems with their places. */
export function parseConfiguration(
  candidate: unknown,
  error: z.core.$ZodErrorMap,
): readonly z.core.$ZodIssue[] {
  return configuration.safeParse(candidate, { error }).error?.issues ?? []
}

/** The JSON Schema of `singletrack.jsonc`, with a description for every key. */
export function configurationSchema(): object {
  return {
    ...z.toJSONSchema(configuration, { io: 'input', target: 'draft-7' }),
    title: 'Singletrack',
    allowComments: true,
    allowTrailingCommas: true,
  }
}
