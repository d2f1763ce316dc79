import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import path from 'node:path'

/** code-server on npm carries the whole VS Code server and its web workbench in `lib/vscode`. */
const CODE_SERVER = {
  version: '4.139.1',
  vscode: '1.139.1',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
}

/**
 * The only native modules that are compiled: log files with the content of output channels, and the
 * end of orphaned extension hosts. Terminals, file watching and search come prebuilt.
 */
const NATIVE_MODULES = ['@vscode/spdlog', '@vscode/native-watchdog']

/** Grows whenever what is done to the package below changes. */
const RECIPE = 1

/** Other versions in the cache that nobody has used for so long are removed. */
const UNUSED_AFTER_MS = 7 * 24 * 3_600_000

export interface VSCodeServer {
  readonly version: string
  /** The script that Node runs. */
  readonly main: string
  readonly cached: boolean
  readonly ms: number
}

/**
 * Puts a real VS Code server into `~/.cache`, from the npm registry alone and checked against its
 * pinned integrity. It is built in a folder of its own and renamed into place, so that two runs may
 * race and an interrupted one leaves nothing that looks finished.
 *
 * @throws when the registry or a compiler cannot be had; the message says which step failed
 */
export function ensureVSCode(): VSCodeServer {
  const began = performance.now()
  const cache = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
    'singletrack-vscode-e2e',
  )
  const abi = `${process.platform}-${process.arch}-abi${process.versions.modules}`
  const home = path.join(cache, `${CODE_SERVER.version}-${abi}-recipe${RECIPE}`)
  const result = (cached: boolean): VSCodeServer => ({
    version: CODE_SERVER.vscode,
    main: path.join(home, 'lib/vscode/out/server-main.js'),
    cached,
    ms: Math.round(performance.now() - began),
  })
  const complete = path.join(home, '.complete')
  if (existsSync(complete)) {
    utimesSync(complete, new Date(), new Date())
    return result(true)
  }
  mkdirSync(cache, { recursive: true })
  removeUnused(cache)
  const building = mkdtempSync(path.join(cache, '.building-'))
  try {
    install(building)
    try {
      renameSync(building, home)
    } catch (error) {
      // Another run was first, with the same recipe.
      if (!existsSync(complete)) throw error
    }
    return result(false)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
}

function install(folder: string): void {
  // npm and node-gyp take version and headers of the Node that runs them: it must be this one.
  const nodeHome = path.resolve(realpathSync(process.execPath), '../..')
  const env = {
    ...process.env,
    PATH: `${path.join(nodeHome, 'bin')}:${process.env['PATH'] ?? ''}`,
    JOBS: String(availableParallelism()),
    ...(existsSync(path.join(nodeHome, 'include/node')) ? { npm_config_nodedir: nodeHome } : {}),
  }
  const npm = (cwd: string, ...args: readonly string[]): void => {
    const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier']
    execFileSync('npm', [...args, ...quiet], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  npm(folder, 'pack', `code-server@${CODE_SERVER.version}`)
  const tarball = path.join(folder, `code-server-${CODE_SERVER.version}.tgz`)
  const digest = createHash('sha512').update(readFileSync(tarball)).digest('base64')
  if (`sha512-${digest}` !== CODE_SERVER.integrity) {
    throw new Error(`code-server@${CODE_SERVER.version} is not the package that was pinned`)
  }
  execFileSync('tar', ['xzf', tarball, '-C', folder, '--strip-components=1'])
  rmSync(tarball)
  const vscode = path.join(folder, 'lib/vscode')
  // Not `npm ci`: the shrinkwrap that the package ships lacks an entry.
  npm(vscode, 'install', '--omit=dev', '--ignore-scripts')
  npm(vscode, 'rebuild', ...NATIVE_MODULES)
  const version = execFileSync(process.execPath, ['out/server-main.js', '--version'], {
    cwd: vscode,
    encoding: 'utf8',
  })
  writeFileSync(path.join(folder, '.complete'), version)
}

function removeUnused(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name)
    const marker = path.join(folder, '.complete')
    const usedAt = statSync(existsSync(marker) ? marker : folder).mtimeMs
    if (Date.now() - usedAt > UNUSED_AFTER_MS) rmSync(folder, { recursive: true, force: true })
  }
}
