import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

const MODULE = new URL('./load-orchestrator.ts', import.meta.url).href

test('a singletrack that only NODE_PATH names must not pass for the one of the workspace', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'singletrack-load-'))
  try {
    const elsewhere = path.join(folder, 'elsewhere')
    mkdirSync(path.join(elsewhere, 'singletrack'), { recursive: true })
    writeFileSync(path.join(elsewhere, 'singletrack/package.json'), '{"name":"singletrack"}')
    const program = `
      const { installedOrchestrator } = await import(${JSON.stringify(MODULE)})
      await installedOrchestrator(${JSON.stringify(folder)}).catch((error) => console.log(error.message))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, NODE_PATH: elsewhere },
    })
    expect(stdout).toContain(`${folder} has no "singletrack" installed`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
