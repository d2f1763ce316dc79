import { execFileSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

/** A target whose build writes something new each time into the folder that it watches. */
const selfWriting = (): Workspace =>
  Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: { gen: { watch: ['src/**'], build: { command: ['node', 'build.mjs'] } } },
    }),
    'build.mjs': `import { writeFileSync } from 'node:fs'
writeFileSync('src/stamp.txt', String(process.hrtime.bigint()))
`,
    'src/input.txt': '1',
  })

test('a build that writes into its own watched tree is caught, named and suspended', async () => {
  await using workspace = selfWriting()
  await using session = workspace.run(['watch', '--json'])
  const loop = await session.event(({ type }) => type === 'loop')
  expect(loop).toMatchObject({ target: 'gen', path: 'src/stamp.txt', ignore: 'src/stamp.txt' })
  const wait = workspace.run(['wait', '--settled', '--timeout', '30s'])
  expect((await wait.end()).code).toBe(1)
  expect(wait.stdout + wait.stderr).toContain('changes of src/stamp.txt are suspended')
  const builds = session.events().filter(({ type }) => type === 'build-started').length
  expect(builds).toBeLessThanOrEqual(6)

  // An edit builds once; what that build writes does not count any more.
  const from = session.events().length
  workspace.write('src/input.txt', '2')
  await session.event(({ type }) => type === 'build-succeeded', from)
  workspace.write('src/input.txt', '3')
  await session.event(
    (event) => event.type === 'build-succeeded' && (event.generation ?? 0) > generationAt(from),
    from,
  )
  expect(
    session
      .events()
      .slice(from)
      .filter(({ type }) => type === 'build-started'),
  ).toHaveLength(2)

  function generationAt(index: number): number {
    const first = session
      .events()
      .slice(index)
      .find(({ type }) => type === 'build-succeeded')
    return first?.generation ?? 0
  }
})

test('the proposed line ends the loop', async () => {
  await using workspace = selfWriting()
  await using session = workspace.run(['watch', '--json'])
  const loop = await session.event(({ type }) => type === 'loop')
  const from = session.events().length
  const ignore = loop.type === 'loop' ? loop.ignore : ''
  workspace.edit('singletrack.jsonc', '{', `{ "ignore": ["${ignore}"], `)
  await session.event(({ type }) => type === 'configuration-changed', from)
  const wait = workspace.run(['wait', '--settled', '--timeout', '30s'])
  expect((await wait.end()).code).toBe(0)
})

test('a checkout that changes 2,000 files leads to one round of builds', async () => {
  const names = ['a', 'b']
  await using workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: Object.fromEntries(
        names.map((name) => [
          name,
          { watch: [`${name}/**`], build: { command: ['node', '-e', ''] } },
        ]),
      ),
    }),
    '.gitignore': '.singletrack\n',
  })
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: workspace.root,
      stdio: 'pipe',
    })
  }
  const writeAll = (text: string): void => {
    for (const name of names)
      for (let index = 0; index < 1_000; index += 1)
        workspace.write(`${name}/${index % 20}/${index}.txt`, `${text} ${index}`)
  }
  git('init', '-q', '-b', 'main')
  writeAll('one')
  git('add', '-A')
  git('commit', '-q', '-m', 'one')
  git('checkout', '-q', '-b', 'other')
  writeAll('two')
  git('commit', '-q', '-a', '-m', 'two')
  git('checkout', '-q', 'main')
  await using session = await workspace.session()
  const from = session.events().length
  git('checkout', '-q', 'other')
  for (const name of names)
    await session.event((event) => event.type === 'build-succeeded' && event.target === name, from)
  const wait = workspace.run(['wait', '--settled', '--timeout', '30s'])
  expect((await wait.end()).code).toBe(0)
  const built = session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'build-started' ? [event.target] : []))
  expect(built.toSorted()).toEqual(names)
})
