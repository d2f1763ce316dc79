import { writeFileSync } from 'node:fs'
import { inspect } from 'node:util'

import * as vscode from 'vscode'

import { suites } from './suite.ts'

/** A test that has not ended by then hangs. */
const DEADLINE_MS = 300_000

interface HostResult {
  readonly title: string
  readonly ms: number
  readonly problem: string | null
}

/**
 * Runs inside the extension host, where `vscode` is the real thing. The editor calls it once the
 * window is open; what came of each test is written to a file that the runner reads.
 */
export async function run(): Promise<void> {
  const file = process.env['SINGLETRACK_E2E_RESULT']
  if (file === undefined) throw new Error('SINGLETRACK_E2E_RESULT is not set')
  const tests = suites[process.env['SINGLETRACK_E2E_SUITE'] ?? '']
  if (tests === undefined) throw new Error('SINGLETRACK_E2E_SUITE names no suite')
  if (vscode.workspace.workspaceFolders === undefined) throw new Error('the window has no folder')
  const results: HostResult[] = []
  const only = process.env['SINGLETRACK_E2E_ONLY'] ?? ''
  for (const { run: body, title } of tests.filter((each) => each.title.includes(only))) {
    const began = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- the tests share one window and one session
    const problem = await problemOf(body)
    results.push({ title, ms: performance.now() - began, problem })
    writeFileSync(file, JSON.stringify(results))
  }
  if (results.some(({ problem }) => problem !== null)) throw new Error('host tests failed')
}

async function problemOf(body: () => Promise<void>): Promise<string | null> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`still going after ${DEADLINE_MS} ms`)),
    DEADLINE_MS,
  )
  try {
    await Promise.race([body(), promise])
    return null
  } catch (error) {
    // With its causes, and with what went wrong before it while things were put away.
    return inspect(error)
  } finally {
    clearTimeout(timer)
  }
}
