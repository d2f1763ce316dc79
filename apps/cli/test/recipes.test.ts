import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import type { Program } from './support/program.ts'
import { ROOT_README, tableBelow } from './support/readme.ts'
import { Workspace } from './support/workspace.ts'

const services = async (): Promise<Workspace> =>
  Workspace.example('pnpm-services', { api: 3021, web: 3022 })

const page = async (workspace: Workspace): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${workspace.ports['web']}/`)
  return (await response.text()).trim()
}

/** The targets that became ready from an event on. */
const restarted = (session: Program, from: number): readonly string[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'ready' ? [event.target] : []))

test('pnpm services: code is generated, then api is ready before web starts', async () => {
  await using workspace = await services()
  await using session = await workspace.session()
  expect(await page(workspace)).toBe('Good morning from web 1')
  const order = session
    .events()
    .flatMap((event) =>
      event.type === 'build-succeeded' || event.type === 'ready' || event.type === 'starting'
        ? [`${event.type} ${event.target}`]
        : [],
    )
  expect(order).toEqual([
    'build-succeeded codegen',
    'starting api',
    'ready api',
    'starting web',
    'ready web',
  ])
})

test('pnpm services: an edit of api restarts api, and web stays up', async () => {
  await using workspace = await services()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('services/api/src/main.js', 'Good morning', 'Good evening')
  await session.event((event) => event.type === 'ready' && event.target === 'api', from)
  expect(await page(workspace)).toBe('Good evening from web 1')
  expect(restarted(session, from)).toEqual(['api'])
})

test('pnpm services: an edit of web restarts web alone', async () => {
  await using workspace = await services()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('services/web/src/main.js', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'ready' && event.target === 'web', from)
  expect(await page(workspace)).toBe('Good morning from web 2')
  expect(restarted(session, from)).toEqual(['web'])
})

test('pnpm services: another contract generates code and restarts both', async () => {
  await using workspace = await services()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit(
    'packages/contracts/contracts.json',
    '"/time": ["now"]',
    '"/time": ["now"], "/x": ["y"]',
  )
  await session.event(({ type }) => type === 'settled', from)
  expect(restarted(session, from).toSorted()).toEqual(['api', 'web'])
  expect(await workspace.get('api')).toMatchObject({ paths: ['/greeting', '/time', '/x'] })
})

test('pnpm services: another comment generates equal code, and nothing restarts', async () => {
  await using workspace = await services()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('packages/contracts/contracts.json', 'What the services say', 'What they say')
  await session.event(({ type }) => type === 'settled', from)
  expect(
    session
      .events()
      .slice(from)
      .filter(({ type }) => type === 'build-succeeded'),
  ).toMatchObject([{ target: 'codegen', outputsChanged: false }])
  expect(restarted(session, from)).toEqual([])
})

test('pnpm services: an edit of the README means nothing', async () => {
  await using workspace = await services()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('README.md', 'other words')
  // A change that does mean something comes after it, so the first one has been looked at.
  workspace.edit('services/web/src/main.js', "version = '1'", "version = '2'")
  await session.event((event) => event.type === 'ready' && event.target === 'web', from)
  expect(
    session
      .events()
      .slice(from)
      .flatMap((event) => (event.type === 'changed' ? event.paths : [])),
  ).toEqual(['services/web/src/main.js'])
})

const composeProblem = (): string | null => {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 })
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 10_000 })
    return null
  } catch {
    return 'no container engine answers to `docker info`'
  }
}

test('docker compose: the stop command of the recipe ends what the engine started', async (context) => {
  const problem = composeProblem()
  if (problem !== null) {
    console.log(`skipped: docker compose: ${problem}`)
    context.skip(problem)
  }
  await using workspace = await Workspace.example('docker-compose', {})
  await using session = await workspace.session()
  await session.endBy('SIGINT')
  const running = execFileSync('docker', ['compose', 'ps', '-q'], { cwd: workspace.root })
  expect(running.toString().trim()).toBe('')
})

const recipes = tableBelow(ROOT_README, 'Recipes').map(
  ([link = '']) => /\[([\w-]+)\]\(apps\/cli\/examples\/\1\)/.exec(link)?.[1] ?? link,
)

test('the README shows every example, and no other', () => {
  const examples = readdirSync(fileURLToPath(new URL('../examples/', import.meta.url)))
  expect(recipes.toSorted()).toEqual(examples.toSorted())
})

test.for(recipes)('the recipe %s is run by a test', (recipe) => {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  expect(tests.filter((text) => text.includes(`.example('${recipe}'`))).not.toEqual([])
})

test.for(recipes.filter((recipe) => recipe !== 'single-command'))(
  'the configuration of the recipe %s is good, as it stands',
  async (recipe, context) => {
    const missing = recipe.startsWith('cargo') ? cargoProblem() : null
    if (missing !== null) {
      console.log(`skipped: ${context.task.name}: ${missing}`)
      context.skip(missing)
    }
    await using workspace = await Workspace.example(recipe, {})
    expect(await ask(workspace, ['config'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('from singletrack.jsonc'),
    })
  },
)

/** Presets for Cargo ask cargo itself. */
function cargoProblem(): string | null {
  try {
    execFileSync('cargo', ['--version'], { stdio: 'ignore' })
    return null
  } catch {
    return 'cargo is not installed'
  }
}
