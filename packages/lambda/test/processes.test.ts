import { expect, test } from 'vitest'

import { spawnFixture, startRig } from './rig.ts'
import { invoke } from './scripted-runtime.ts'

/** What only real processes show. */

test('a process killed while it rests is not given the next invocation', async () => {
  await using rig = await startRig({}, spawnFixture)
  await invoke(rig.url, 'echo')
  const [first] = rig.children
  const gone = new Promise((resolve) => first?.once('exit', resolve))
  first?.kill('SIGKILL')
  await gone
  const answer = await invoke(rig.url, 'echo', { again: true })
  expect(JSON.parse(answer.body)).toMatchObject({ event: { again: true } })
  expect(rig.children).toHaveLength(2)
})

test('a process killed at work answers its caller with the signal', async () => {
  await using rig = await startRig({}, spawnFixture)
  const answer = invoke(rig.url, 'gate', { path: '/never' })
  await rig.told('invocation-started')
  rig.children[0]?.kill('SIGKILL')
  expect((await answer).body).toContain('Runtime exited with error: signal: SIGKILL')
})

test('a stopped process costs one caller its deadline, and no other', async () => {
  await using rig = await startRig({ functions: { echo: { timeoutMs: 1000 } } }, spawnFixture)
  await invoke(rig.url, 'echo')
  const phase = () => rig.emulator.stats().functions[0]?.instances[0]?.phase
  await expect.poll(phase).toBe('polling')
  rig.children[0]?.kill('SIGSTOP')
  expect((await invoke(rig.url, 'echo')).body).toContain('Task timed out after 1.00 seconds')
  expect(await rig.told('instance-retired')).toMatchObject({ reason: 'timeout' })
  expect(await invoke(rig.url, 'echo')).toMatchObject({ status: 200 })
  expect(rig.children).toHaveLength(2)
})

test('an answer that was sent before the process died is the answer', async () => {
  await using rig = await startRig({}, spawnFixture)
  for (const bytes of [10, 1024 * 1024]) {
    const answer = await invoke(rig.url, 'answerAndDie', { bytes })
    expect(JSON.parse(answer.body)).toBe('x'.repeat(bytes))
  }
})

test('cold functions invoked at once, twice each, are started once each', async () => {
  await using rig = await startRig({}, spawnFixture)
  const names = ['echo', 'print', 'sleep', 'large', 'url']
  const answers = await Promise.all(
    [...names, ...names].map((name) => invoke(rig.url, name, { ms: 1, line: 'x', bytes: 1 })),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(rig.children).toHaveLength(5)
})
