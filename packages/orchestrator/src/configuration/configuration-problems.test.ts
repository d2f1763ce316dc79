import { expect, test } from 'vitest'

import { problemsOf, temporaryWorkspace } from '../../test/configuration/temporary-workspace.ts'

/** The whole of what is said about one file that stands alone in a directory. */
async function problems(text: string, files: Record<string, string> = {}): Promise<unknown> {
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': text, ...files })
  const all = problemsOf(await workspace.load(), workspace.root)
  return all.map((line) =>
    line.replace(/^singletrack\.jsonc/, '').replaceAll(workspace.root, 'ROOT'),
  )
}

/** A file with one target, whose settings stand on line 1 from column 26 on. */
const target = (settings: string): string => `{ "targets": { "api": { ${settings} } } }`

test.for([
  ['an empty file', ' \n', [':1:1: is empty; write { "targets": {} }']],
  ['an array', '[]', [':1:1: expected an object, found an array']],
  ['a word', 'nonsense', [':1:1: unknown word; put text in double quotes']],
  [
    'no target',
    '{}',
    [':1:1: names no target; add "targets": { "api": { "run": ["node", "server.js"] } }'],
  ],
  [
    'a missing comma',
    '{ "debounce": "1s"\n  "maxWait": "2s" }',
    [':2:3: a comma is missing before this'],
  ],
  ['a missing brace', '{ "targets": {', [':1:15: a closing } is missing']],
  [
    'an open text',
    '{ "debounce": "1s\n}',
    [':1:15: this text does not end on its line; close it with "'],
  ],
  ['an open comment', '{} /* x', [':1:4: this comment does not end; close it with */']],
  [
    'something after the end',
    '{}\n{}',
    [':2:1: there is more after the end of the configuration; remove it'],
  ],
  [
    'a key twice',
    '{ "policy": "fifo", "policy": "lifo" }',
    [':1:21 policy: this key is written twice; keep one of them'],
  ],
  [
    'a key of JavaScript',
    '{ "__proto__": {} }',
    [':1:3 __proto__: this name is reserved by JavaScript; choose another'],
  ],
] as const)('%s', async ([, text, expected]) => {
  expect(await problems(text)).toEqual(expected)
})

test.for([
  [
    '"run": "node server.js"',
    ':1:32 targets.api.run: a string is no command; write ["node", "server.js"]',
  ],
  [
    `"run": "node 'my server.js' | tee"`,
    `:1:32 targets.api.run: a string is no command; write { "shell": "node 'my server.js' | tee" }`,
  ],
  [
    '"build": { "command": "make" }',
    ':1:47 targets.api.build.command: a string is no command; write ["make"]',
  ],
  ['"run": []', ':1:32 targets.api.run: names no program; write ["program", "argument"]'],
  ['"run": [""]', ':1:32 targets.api.run: names no program; write ["program", "argument"]'],
  ['"run": [1]', ':1:33 targets.api.run[0]: expected a string, found a number'],
  [
    '"run": 5',
    ':1:32 targets.api.run: this is no command; write ["program", "argument"] or { "shell": "…" }',
  ],
  [
    '"run": { "comand": ["x"] }',
    ':1:34 targets.api.run.comand: unknown key "comand"; did you mean "command"?',
  ],
  [
    '"run": { "port": 3001 }',
    ':1:32 targets.api.run: has no command; add "command": ["program", "argument"], or null for no run',
  ],
  [
    '"run": ["x"], "whatever": 1',
    ':1:39 targets.api.whatever: unknown key "whatever"; known here: extends, cwd, env, envFile, watch, debounce, singleDebounce, maxWait, priority, dependsOn, start, build, run, invocation',
  ],
  [
    '"watch": "src/**", "run": ["x"]',
    ':1:34 targets.api.watch: expected an array, found a string; write ["src/**"]',
  ],
  [
    '"watch": ["../x"], "run": ["x"]',
    ':1:35 targets.api.watch[0]: lies outside the root ROOT; move singletrack.jsonc up, to a directory that contains both',
  ],
  ['"watch": []', ':1:16 targets.api: does nothing; add "run", "build" or "watch"'],
  [
    '"cwd": "nope", "run": ["x"]',
    ':1:32 targets.api.cwd: there is no directory nope; create it or correct the path',
  ],
  [
    '"cwd": "singletrack.jsonc", "run": ["x"]',
    ':1:32 targets.api.cwd: singletrack.jsonc is not a directory; name the directory that contains it',
  ],
  [
    '"cwd": "..", "run": ["x"]',
    ':1:32 targets.api.cwd: .. lies outside the root ROOT; move singletrack.jsonc up, to a directory that contains both',
  ],
  [
    '"envFile": ".env", "run": ["x"]',
    ':1:36 targets.api.envFile: there is no file .env; create it or correct the path',
  ],
  [
    '"env": { "A=B": "1" }, "run": ["x"]',
    ':1:34 targets.api.env["A=B"]: is no name for a variable; use letters, digits and "_"',
  ],
  [
    '"start": "lazy", "run": ["x"]',
    ':1:34 targets.api.start: unknown value "lazy"; known here: eager, on-invoke, manual, external',
  ],
  [
    '"start": "external", "build": ["x"]',
    ':1:34 targets.api.start: "external" needs a "run"; add "run": ["program"]',
  ],
  [
    '"debounce": 50, "run": ["x"]',
    ':1:37 targets.api.debounce: 50 has no unit; write "50ms", "50s" or "50m"',
  ],
  [
    '"build": { "command": ["x"], "timeout": "10min" }',
    ':1:65 targets.api.build.timeout: "10min" is no duration; write a number and its unit, such as "50ms", "2s", "10m" or "1h"',
  ],
  [
    '"invocation": { "cors": { "allowOrigins": ["https://a.example/"] } }',
    ':1:68 targets.api.invocation.cors.allowOrigins[0]: is no origin; write "https://example.com", without a path, or "*"',
  ],
  [
    '"invocation": { "cors": { "maxAge": "25h" } }',
    ':1:61 targets.api.invocation.cors.maxAge: is longer than a day; write "24h" at most',
  ],
  [
    '"build": { "command": ["x"], "timeout": "0s" }',
    ':1:65 targets.api.build.timeout: a time limit of zero never holds; write a longer one, or null for none',
  ],
  [
    '"build": { "command": ["x"], "timeout": "9999h" }',
    ':1:65 targets.api.build.timeout: "9999h" is too long; the longest duration is "596h"',
  ],
  [
    '"build": { "command": ["x"], "uses": ["dsit"] }',
    ':1:63 targets.api.build.uses[0]: there is no resource "dsit"; resources: build',
  ],
  [
    '"build": { "command": ["x"], "uses": { "build": 2 } }',
    ':1:73 targets.api.build.uses.build: takes 2 of "build", which has 1; take 1 or less, or raise the capacity',
  ],
  [
    '"build": { "command": ["x"], "uses": ["watch"] }',
    ':1:63 targets.api.build.uses[0]: is no resource name; use 1 to 32 of a-z, 0-9, "-" and "_"; "watch" is reserved',
  ],
  [
    '"build": { "command": ["x"], "diagnostics": "tcs" }',
    ':1:69 targets.api.build.diagnostics: unknown value "tcs"; did you mean "tsc"?',
  ],
  [
    '"build": { "command": ["x"], "diagnostics": { "pattern": "(" } }',
    ':1:82 targets.api.build.diagnostics.pattern: is no regular expression: Unterminated group; write it in the syntax of JavaScript, without the slashes',
  ],
  [
    '"build": { "command": ["x"], "joint": [{ "eech": ["y"] }] }',
    ':1:66 targets.api.build.joint[0].eech: unknown key "eech"; did you mean "each"?',
  ],
  [
    '"run": { "command": ["x"], "stop": { "signal": "SIGTRM" } }',
    ':1:72 targets.api.run.stop.signal: unknown value "SIGTRM"; did you mean "SIGTERM"?',
  ],
  [
    '"run": { "command": ["x"], "port": 70000 }',
    ':1:60 targets.api.run.port: 70000 is too large; write 65535 or less',
  ],
  [
    '"run": { "command": ["x"], "port": "3001" }',
    ':1:60 targets.api.run.port: expected a number, found a string',
  ],
  [
    '"start": "on-invoke", "run": { "command": ["x"], "port": 3000 }, "invocation": { "concurrency": 2 }',
    ':1:121 targets.api.invocation.concurrency: 2 processes cannot all listen on port 3000; remove "run.port", or set "concurrency" to 1',
  ],
  [
    '"run": { "command": ["x"], "ready": { "http": "/up" } }',
    ':1:71 targets.api.run.ready.http: a path needs a port to ask; set "run.port", or write "http://localhost:PORT/up"',
  ],
  [
    '"run": { "command": ["x"], "ready": { "http": "up" } }',
    ':1:71 targets.api.run.ready.http: this is no address; write "/health" or "http://…"',
  ],
  [
    '"run": { "command": ["x"], "ready": { "port": 1, "output": "x" } }',
    ':1:52 targets.api.run.ready: has several checks: port, output; keep one of them',
  ],
  [
    '"run": { "command": ["x"], "ready": "port" }',
    ':1:61 targets.api.run.ready: this is no readiness check; write { "port": 3000 }, { "http": "/health" }, { "output": "…" } or { "exec": […] }',
  ],
  [
    '"run": { "command": ["x"], "restart": { "initial": "1m" } }',
    ':1:76 targets.api.run.restart.initial: the first wait is longer than the longest; write "initial" no longer than "max" (10s)',
  ],
  [
    '"run": ["x", "${port}"]',
    ':1:38 targets.api.run[1]: "${port}" stands for no port; set "run.port" of this target',
  ],
  [
    '"run": ["x", "${Name}"]',
    ':1:38 targets.api.run[1]: unknown placeholder "${Name}"; did you mean "${name}"?',
  ],
  [
    '"run": ["x", "${env:NOPE}"]',
    ':1:38 targets.api.run[1]: the variable NOPE is not set; set it, or name it in "env" or "envFile"',
  ],
  [
    '"extends": "carg", "run": ["x"]',
    ':1:36 targets.api.extends: there is no preset "carg"; did you mean "cargo"?',
  ],
  [
    '"dependsOn": ["api"], "run": ["x"]',
    ':1:39 targets.api.dependsOn[0]: targets depend on each other: api → api; remove one of these dependencies',
  ],
  [
    '"dependsOn": ["apy"], "run": ["x"]',
    ':1:39 targets.api.dependsOn[0]: there is no target "apy"',
  ],
  [
    '"dependsOn": [{ "target": "x", "untl": "ready" }], "run": ["x"]',
    ':1:56 targets.api.dependsOn[0].untl: unknown key "untl"; did you mean "until"?',
  ],
] as const)('a target with %s', async ([settings, expected]) => {
  expect(await problems(target(settings))).toEqual([expected])
})

test('all that is wrong is told at once, in the order of the file', async () => {
  const text = `{
  "polcy": "fifo",
  "resources": { "Big": 1, "watch": 2, "cpu": 0 },
  "presets": { "a": { "extends": "b" }, "b": { "extends": ["a"] } },
  "targets": {
    "api": { "run": { "command": ["x"], "port": 3001 }, "dependsOn": ["web", "webb"] },
    "web": { "run": { "command": ["x"], "port": 3001 }, "dependsOn": ["db"] },
    "db": { "build": ["x"], "dependsOn": ["api"] },
    "bad name": { "run": ["x"] },
    "late": { "run": ["x"], "dependsOn": [{ "target": "db", "until": "ready" }] },
  },
}`
  expect(await problems(text)).toEqual([
    ':2:3 polcy: unknown key "polcy"; did you mean "policy"?',
    ':3:18 resources.Big: is no resource name; use 1 to 32 of a-z, 0-9, "-" and "_"; "watch" is reserved',
    ':3:28 resources.watch: is no resource name; use 1 to 32 of a-z, 0-9, "-" and "_"; "watch" is reserved',
    ':3:47 resources.cpu: 0 is too small; write 1 or more',
    ':4:34 presets.a.extends: presets extend each other: b → a → b; remove one of these "extends"',
    ':4:60 presets.b.extends[0]: presets extend each other: a → b → a; remove one of these "extends"',
    ':6:78 targets.api.dependsOn[1]: there is no target "webb"; did you mean "web"?',
    ':7:49 targets.web.run.port: port 3001 is that of "api"; choose another port',
    ':8:43 targets.db.dependsOn[0]: targets depend on each other: api → web → db → api; remove one of these dependencies',
    ':9:5 targets["bad name"]: is no name for a target; use up to 64 letters, digits, ".", "-" and "_", beginning with a letter or digit',
    ':10:70 targets.late.dependsOn[0].until: "db" runs nothing; wait until "built", or leave it out',
  ])
})

test('both files are told of, the shared one first', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': '{ "targets": { "api": { "run": ["x"] } }, "policy": 1 }',
    'singletrack.local.jsonc': '{ "targets": { "api": { "rnu": ["x"] } } }',
  })
  expect(problemsOf(await workspace.load(), workspace.root)).toEqual([
    'singletrack.jsonc:1:53 policy: expected one of "fifo", "lifo", "priority", "shortestFirst", "topological", "attention", found a number',
    'singletrack.local.jsonc:1:25 targets.api.rnu: unknown key "rnu"; did you mean "run"?',
  ])
})

test('what is wrong with a part is not told again of those who use it', async () => {
  const text = `{
  "resources": { "cpu": "two" },
  "presets": { "base": "none" },
  "targets": {
    "lib": "none",
    "api": { "extends": "base", "dependsOn": ["lib"], "build": { "command": 1, "uses": ["cpu"] } },
  },
}`
  expect(await problems(text)).toEqual([
    ':2:25 resources.cpu: expected a capacity; write a number or { "capacity": 1, "at": "directory" }',
    ':3:24 presets.base: expected an object, found a string',
    ':5:12 targets.lib: expected an object, found a string',
    ':6:77 targets.api.build.command: this is no command; write ["program", "argument"] or { "shell": "…" }',
  ])
})
