import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { RunningTool } from './subject/running-tool.ts'
import { BenchmarkWorkspace } from './subject/workspace.ts'
import { findTools } from './tools/find-tools.ts'
import type { Tool } from './tools/tool.ts'

const linux = process.platform === 'linux'

/** Far beyond what anything takes on a loaded machine. */
const DEADLINE_MS = 100_000

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

function singletrack(): Tool {
  const found = findTools().tools.find(({ name }) => name === 'singletrack')
  if (found === undefined) throw new Error('singletrack is not built')
  return found
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
