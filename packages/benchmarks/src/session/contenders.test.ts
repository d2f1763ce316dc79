import { expect, test } from 'vitest'

import { Contenders, ToolFailure } from './contenders.ts'
import type { Tool, ToolName } from './tools/tool.ts'

const toolOf = (name: ToolName): Tool => ({
  name,
  version: '1',
  scope: 'workspace',
  serves: 'programs',
  prepare: () => [],
})

const [first, second] = [toolOf('nodemon'), toolOf('wireit')]

function contenders(): { readonly all: Contenders; readonly gaps: string[] } {
  const gaps: string[] = []
  const all = new Contenders([first, second], (tool, because) => {
    gaps.push(`${tool} ${because}`)
  })
  return { all, gaps }
}

test('a tool that fails is out with its reason, and the others stay in', async () => {
  const { all, gaps } = contenders()
  const failed = await all.attempt(first, 60_000, async () => {
    throw new ToolFailure('was never ready')
  })
  expect(failed).toBe(null)
  expect(all.tools).toEqual([second])
  expect(all.whyOut('nodemon')).toBe('was never ready')
  expect(gaps).toEqual(['nodemon was never ready'])
})

test('a tool that hangs is out when its time is over', async () => {
  const { all, gaps } = contenders()
  expect(await all.attempt(first, 1, async () => new Promise(() => undefined))).toBe(null)
  expect(gaps).toEqual(['nodemon hung: killed after 0 s'])
})

test('a tool that is out is asked for nothing more', async () => {
  const { all, gaps } = contenders()
  all.drop('nodemon', 'cannot')
  all.drop('nodemon', 'cannot at all')
  const steps: string[] = []
  await all.attempt(first, 60_000, async () => steps.push('first'))
  await all.attempt(second, 60_000, async () => steps.push('second'))
  expect(steps).toEqual(['second'])
  expect(gaps).toEqual(['nodemon cannot'])
})
