import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The command as it is shipped. */
const SINGLETRACK = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url))
const ESBUILD = createRequire(import.meta.url).resolve('esbuild/bin/esbuild')

/** Functions that esbuild bundles, none of them built yet, and a session that waits for callers. */
export interface ColdWorkspace {
  readonly endpoint: string
  readonly root: string
  end(): Promise<void>
}

/** What the session runs to build a function, and where the program is then. */
export function buildOf(name: string): {
  readonly command: readonly string[]
  readonly program: string
} {
  const program = `dist/${name}.mjs`
  const flags = ['--bundle', '--platform=node', '--format=esm', '--log-level=warning']
  return { command: [ESBUILD, 'src/function.ts', ...flags, `--outfile=${program}`], program }
}

/** `names` are functions of the session; others may be built by hand. */
export async function openColdWorkspace(names: readonly string[]): Promise<ColdWorkspace> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'singletrack-bench-cold-')))
  mkdirSync(join(root, 'src'))
  copyFileSync(
    fileURLToPath(new URL('echo-function.ts', import.meta.url)),
    join(root, 'src/function.ts'),
  )
  const targets = names.map((name) => {
    const { command, program } = buildOf(name)
    const build = { command, outputs: [program] }
    const run = { command: [process.execPath, program] }
    return [name, { watch: ['src/**'], start: 'on-invoke', build, run }]
  })
  writeFileSync(
    join(root, 'singletrack.jsonc'),
    JSON.stringify({ targets: Object.fromEntries(targets) }),
  )
  const session = spawn(process.execPath, [SINGLETRACK, 'watch', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    root,
    endpoint: await endpointOf(session),
    end: async () => {
      const exited = once(session, 'exit')
      session.kill('SIGTERM')
      await exited
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Resolves once the session has settled; what it prints afterwards is read and dropped. */
async function endpointOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the session has no output')
  const opened = Promise.withResolvers<string>()
  let endpoint = ''
  const lines = createInterface(stdout)
  lines.on('line', (line) => {
    const event: { readonly type: string; readonly url?: string } = JSON.parse(line)
    if (event.type === 'listening') endpoint = event.url ?? ''
    if (event.type === 'settled') opened.resolve(endpoint)
  })
  lines.once('close', () => {
    opened.reject(new Error('the session ended before it had settled'))
  })
  return opened.promise
}
