import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { format } from 'node:util'

import { build } from 'esbuild'

import { Browser } from './harness/browser.ts'
import type { Report } from './harness/report.ts'
import { EditorServer } from './harness/server.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

/** All host tests together. */
const DEADLINE_MS = 1_200_000

/** Runs the tests that live inside the extension host, in one window on a copy of the fixture. */
export async function hostSuite(
  { artifacts, chromium, extension, main, node }: Surroundings,
  report: Report,
): Promise<void> {
  const bundle = path.join(artifacts, 'host', 'index.cjs')
  await build({
    entryPoints: [path.join(import.meta.dirname, 'host/index.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // The Node of the lowest supported editor.
    target: 'node22',
    conditions: ['source'],
    mainFields: ['module', 'main'],
    external: ['vscode'],
    define: { 'import.meta.dirname': JSON.stringify(path.join(import.meta.dirname, 'harness')) },
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'silent' },
  })
  const directory = mkdtempSync(path.join(realpathSync(tmpdir()), 'singletrack-host-'))
  const result = path.join(artifacts, 'host', 'result.json')
  rmSync(result, { force: true })
  mkdirSync(path.dirname(result), { recursive: true })
  await using workspace = Workspace.create('shop')
  {
    await using server = await EditorServer.start({
      main,
      node,
      directory,
      environment: { SINGLETRACK_E2E_RESULT: result },
      parameters: ['--enable-smoke-test-driver', '--disable-workspace-trust'],
    })
    await using browser = await Browser.start(chromium)
    const page = await browser.page()
    const ended = Promise.withResolvers<number>()
    // What the workbench calls when the tests inside it are over.
    await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code))
    const log = path.join(artifacts, 'host', 'editor.log')
    writeFileSync(log, '')
    await page.exposeFunction('codeAutomationLog', (kind: string, words: readonly unknown[]) =>
      appendFileSync(log, `${kind}: ${format(...words)}\n`),
    )
    await page.goto(
      server.url(
        { folder: workspace.root },
        {
          payload: [
            ['extensionDevelopmentPath', server.remote(extension)],
            ['extensionTestsPath', server.remote(bundle)],
          ],
        },
      ),
    )
    const timer = setTimeout(() => ended.resolve(-1), DEADLINE_MS)
    const code = await ended.promise
    clearTimeout(timer)
    await page.screenshot({ path: path.join(artifacts, 'host-end.png') }).catch(() => undefined)
    record(result, code, report)
  }
  rmSync(directory, { recursive: true, force: true })
}

function record(file: string, code: number, report: Report): void {
  const results: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  const list = Array.isArray(results) ? (results as readonly unknown[]) : []
  for (const each of list) {
    if (!isHostResult(each)) continue
    const { ms, problem, title } = each
    report.add({
      title: `host: ${title}`,
      ms,
      ...(problem === null ? { status: 'passed' } : { status: 'failed', problem }),
    })
  }
  if (list.length === 0 || code === -1) {
    const problem =
      code === -1
        ? 'the tests did not end in time'
        : `the editor ended with ${code} before any test; .artifacts/host/editor.log has its words`
    report.add({ title: 'host: the tests run to their end', ms: 0, status: 'failed', problem })
  }
}

interface HostResult {
  readonly title: string
  readonly ms: number
  readonly problem: string | null
}

const isHostResult = (value: unknown): value is HostResult =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  'ms' in value &&
  'problem' in value
