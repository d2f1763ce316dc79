import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { format } from 'node:util'

import { build, stop } from 'esbuild'

import { Browser } from './harness/browser.ts'
import type { Report } from './harness/report.ts'
import { EditorServer } from './harness/server.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

/** All host tests together. */
const DEADLINE_MS = 1_200_000

/** Runs the tests that live inside the extension host: in a window on one folder, and on several. */
export async function hostSuite(surroundings: Surroundings, report: Report): Promise<void> {
  const bundle = path.join(surroundings.artifacts, 'host', 'index.cjs')
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
  await stop()
  {
    await using workspace = Workspace.create('shop')
    const window = { suite: 'one-folder', place: { folder: workspace.root }, bundle } as const
    await runInside(surroundings, report, window)
  }
  await using shop = Workspace.create('shop', 'Läden & Märkte #1 (100%)')
  await using market = Workspace.create('shop', 'market')
  const place = { workspace: workspaceFile(shop, market) }
  await runInside(surroundings, report, { suite: 'several-folders', place, bundle })
}

/** Both folders in one window, the second of which is opened by a symbolic link. */
function workspaceFile(first: Workspace, second: Workspace): string {
  const link = path.join(path.dirname(first.root), 'linked')
  symlinkSync(second.root, link)
  const file = path.join(path.dirname(first.root), 'both.code-workspace')
  writeFileSync(file, JSON.stringify({ folders: [{ path: first.root }, { path: link }] }))
  return file
}

interface InnerWindow {
  readonly suite: 'one-folder' | 'several-folders'
  readonly place: Parameters<EditorServer['url']>[0]
  readonly bundle: string
}

/** Opens a window and runs one of the suites inside it. */
async function runInside(
  { artifacts, chromium, extension, main, node }: Surroundings,
  report: Report,
  { bundle, place, suite }: InnerWindow,
): Promise<void> {
  const directory = mkdtempSync(path.join(realpathSync(tmpdir()), 'host-'))
  const result = path.join(artifacts, 'host', `${suite}.json`)
  rmSync(result, { force: true })
  {
    await using server = await EditorServer.start({
      main,
      node,
      directory,
      environment: { SINGLETRACK_E2E_RESULT: result, SINGLETRACK_E2E_SUITE: suite },
      parameters: ['--enable-smoke-test-driver', '--disable-workspace-trust'],
    })
    await using browser = await Browser.start(chromium)
    const page = await browser.page()
    let ended = Promise.withResolvers<number>()
    // What the workbench calls when the tests inside it are over.
    await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code))
    const log = path.join(artifacts, 'host', `${suite}.log`)
    writeFileSync(log, '')
    await page.exposeFunction('codeAutomationLog', (kind: string, words: readonly unknown[]) =>
      appendFileSync(log, `${kind}: ${format(...words)}\n`),
    )
    const url = server.url(place, {
      payload: [
        ['extensionDevelopmentPath', server.remote(extension)],
        ['extensionTestsPath', server.remote(bundle)],
      ],
    })
    const runTests = async (): Promise<number> => {
      ended = Promise.withResolvers<number>()
      await page.goto(url)
      const timer = setTimeout(() => ended.resolve(-1), DEADLINE_MS)
      const code = await ended.promise
      clearTimeout(timer)
      return code
    }
    let code = await runTests()
    // A window without folders, as `EditorWindow.openWorkspace` knows it, has refused to begin.
    if (code !== 0 && 'workspace' in place && !existsSync(result)) code = await runTests()
    await page
      .screenshot({ path: path.join(artifacts, `host-${suite}.png`) })
      .catch(() => undefined)
    record(result, code, report, log)
  }
  rmSync(directory, { recursive: true, force: true })
}

function record(file: string, code: number, report: Report, log: string): void {
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
  // Whoever asks for some tests only may have asked for none of this window.
  const isAskedForNone = code === 0 && (process.env['SINGLETRACK_E2E_ONLY'] ?? '') !== ''
  if ((list.length === 0 && !isAskedForNone) || code === -1) {
    const problem =
      code === -1
        ? 'the tests did not end in time'
        : `the editor ended with ${code} before any test; ${log} has its words`
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
