import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** Builds all that are named; fails where a source says BROKEN, after the others are written. */
const BUILD = `import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const names = process.argv.slice(2)
appendFileSync('commands.log', names.toSorted().join(' ') + '\\n')
mkdirSync('out', { recursive: true })
for (const name of names) {
  const source = readFileSync('src/' + name + '.txt', 'utf8')
  if (source.includes('BROKEN')) {
    console.error('src/' + name + '.txt:1:1: error: BROKEN')
    process.exitCode = 1
  } else writeFileSync('out/' + name + '.txt', source + ' ' + readFileSync('shared/one.txt', 'utf8'))
}
`

const NAMES = ['api', 'web', 'jobs'] as const

const workspaceOf = (): Workspace =>
  Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: Object.fromEntries(
        NAMES.map((name) => [
          name,
          {
            watch: [`src/${name}.txt`, 'shared/**'],
            build: {
              command: ['node', 'build.mjs', '${name}'],
              joint: ['node', 'build.mjs', { each: ['${name}'] }],
              outputs: ['out/${name}.txt'],
            },
            run: ['node', '-e', 'setInterval(() => {}, 1e6)'],
          },
        ]),
      ),
    }),
    'build.mjs': BUILD,
    'commands.log': '',
    'shared/one.txt': '1',
    ...Object.fromEntries(NAMES.map((name) => [`src/${name}.txt`, name])),
  })

/** The names of each command, one command a line. */
const commands = (workspace: Workspace): readonly string[] =>
  workspace.read('commands.log').trimEnd().split('\n')

const targetsOf = (session: Program, type: string, from: number): readonly string[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === type && 'target' in event ? [event.target ?? ''] : []))
    .toSorted()

test('what is due together is built by one command, and each is swapped', async () => {
  await using workspace = workspaceOf()
  await using session = await workspace.session()
  expect(commands(workspace)).toEqual(['api jobs web'])
  const from = session.events().length
  workspace.write('shared/one.txt', '2')
  expect((await ask(workspace, ['wait'])).code).toBe(0)
  expect(commands(workspace)).toEqual(['api jobs web', 'api jobs web'])
  expect(targetsOf(session, 'ready', from)).toEqual(['api', 'jobs', 'web'])
  workspace.write('src/web.txt', 'web 2')
  expect((await ask(workspace, ['wait'])).code).toBe(0)
  expect(commands(workspace).at(-1)).toBe('web')
})

test('of what is built together each has an outcome of its own: one fails, and the others are served', async () => {
  await using workspace = workspaceOf()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('src/jobs.txt', 'BROKEN')
  expect((await ask(workspace, ['wait'])).code).toBe(1)
  workspace.write('shared/one.txt', '2')
  const { code, stdout } = await ask(workspace, ['wait'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^jobs: build failed: .*BROKEN/)
  expect(stdout).not.toMatch(/api|web/)
  expect(targetsOf(session, 'ready', from)).toEqual(['api', 'web'])
  expect(workspace.read('out/api.txt')).toBe('api 2')
  expect(workspace.read('out/web.txt')).toBe('web 2')
  expect(workspace.read('out/jobs.txt')).toBe('jobs 1')
})
