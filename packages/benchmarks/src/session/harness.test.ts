import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test, vi } from 'vitest'

import { Contenders } from './contenders.ts'
import { RunningTool } from './subject/running-tool.ts'
import { BenchmarkWorkspace } from './subject/workspace.ts'
import { isBuilt, prepareSingletrack } from './tools/singletrack.ts'
import type { Tool } from './tools/tool.ts'

const linux = process.platform === 'linux'

/** Far beyond what anything takes on a loaded machine. */
const DEADLINE_MS = 100_000

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

function singletrack(): Tool {
  if (!isBuilt()) throw new Error('singletrack is not built')
  const built = { name: 'singletrack', version: '', scope: 'workspace', serves: 'both' } as const
  return { ...built, prepare: prepareSingletrack }
}

test.runIf(linux).for(['plain', 'locked'] as const)(
  'a session of %s functions is started, edited, and ended without a rest',
  { timeout: 300_000 },
  async (kind) => {
    await using workspace = await BenchmarkWorkspace.make(kind, 1)
    const { functions } = workspace.spec
    await using running = new RunningTool(singletrack(), workspace.spec)
    const notReady = async (revision: string): Promise<readonly string[]> => {
      const found = await Promise.all(
        functions.map(async ({ name }) => {
          const report = await workspace.reporter.until(
            (one) => one.kind === 'ready' && one.name === name && one.revision === revision,
            DEADLINE_MS,
          )
          return report === null ? [`${name} is not ready: ${running.output}`] : []
        }),
      )
      return found.flat()
    }
    expect(await notReady(workspace.firstRevision)).toEqual([])
    if (kind === 'locked') workspace.editShared('second')
    else for (const one of functions) workspace.edit(one, 'second')
    expect(await notReady('second')).toEqual([])
    const family = running.family()
    expect(family.length).toBeGreaterThanOrEqual(3)
    running.interrupt()
    expect(await running.gone(family, DEADLINE_MS)).toEqual([])
  },
)

/** Ignores every request to end, and so does what it starts. */
const STUBBORN = `
process.on('SIGTERM', () => undefined)
if (process.argv[1] === 'parent') {
  const { spawn } = require('node:child_process')
  spawn(process.execPath, ['-e', process.execArgv[1], 'child'], { stdio: 'inherit' })
} else console.log('both are there')
setInterval(() => undefined, 1_000_000)
`

test.runIf(linux)(
  'a tool that hangs and does not end is out, and nothing of it lives on',
  { timeout: 300_000 },
  async () => {
    const tool: Tool = {
      name: 'nodemon',
      version: '1',
      scope: 'workspace',
      serves: 'programs',
      prepare: () => [{ command: [process.execPath, '-e', STUBBORN, 'parent'] }],
    }
    const gaps: string[] = []
    const contenders = new Contenders([tool], (name, because) => gaps.push(`${name} ${because}`))
    await using workspace = await BenchmarkWorkspace.make('plain', 1)
    await using running = new RunningTool(tool, workspace.spec)
    await vi.waitUntil(() => running.output.includes('both are there'), DEADLINE_MS)
    const family = running.family()
    expect(family).toHaveLength(2)
    await contenders.attempt(tool, 1, async () => new Promise(() => undefined))
    expect(await running.gone(family, DEADLINE_MS)).toEqual([])
    expect(contenders.tools).toEqual([])
    expect(gaps).toEqual(['nodemon hung: killed after 0 s'])
  },
)

test.runIf(linux)('a quick look prints one JSON document', { timeout: 300_000 }, async () => {
  const args = [MAIN, 'session', '--quick', '--alone', '--json', '--scenario', 'version']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(JSON.parse(stdout)).toMatchObject({
    v: 2,
    quick: true,
    gaps: [],
    leftovers: {},
    sections: [
      {
        scenario: 'version',
        rows: [
          ['node -e 0', { kind: 'spread' }, {}],
          ['singletrack --version', { kind: 'spread' }, {}],
        ],
        demands: [{ text: 'singletrack --version: × node -e 0', limit: 2 }],
      },
    ],
  })
})
