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
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import path from 'node:path'

import type { Edition, PinnedPackage } from './edition.ts'

/** Grows whenever what is done to the packages below changes. */
const RECIPE = 2

/** Other versions in the cache that nobody has used for so long are removed. */
const UNUSED_AFTER_MS = 7 * 24 * 3_600_000

export interface VSCodeServer {
  /** The script that Node runs. */
  readonly main: string
  /** The executable that runs it, and with it every extension host. */
  readonly node: string
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
export function ensureVSCode(edition: Edition): VSCodeServer {
  const began = performance.now()
  const cache = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
    'singletrack-vscode-e2e',
  )
  const node = edition.node?.version ?? `abi${process.versions.modules}`
  const key = `${edition.codeServer.version}-${process.platform}-${process.arch}-${node}`
  const home = path.join(cache, `${key}-recipe${RECIPE}`)
  const result = (cached: boolean): VSCodeServer => ({
    main: path.join(home, 'code-server/lib/vscode/out/server-main.js'),
    node: edition.node === null ? process.execPath : path.join(home, 'node/bin/node'),
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
    install(building, edition)
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

function install(folder: string, { codeServer, nativeModules, node, ripgrep }: Edition): void {
  unpack(folder, 'code-server', codeServer)
  if (node !== null) unpack(folder, 'node', node)
  // npm and node-gyp take version and headers of the Node that runs them: it must be the editor's.
  const nodeHome =
    node === null
      ? path.resolve(realpathSync(process.execPath), '../..')
      : path.join(folder, 'node')
  const env = {
    ...process.env,
    PATH: `${path.join(nodeHome, 'bin')}:${process.env['PATH'] ?? ''}`,
    JOBS: String(availableParallelism()),
    // The scripts of some modules call node-gyp through npx, which would ask.
    npm_config_yes: 'true',
    ...(existsSync(path.join(nodeHome, 'include/node')) ? { npm_config_nodedir: nodeHome } : {}),
  }
  const vscode = path.join(folder, 'code-server/lib/vscode')
  // Not `npm ci`: the shrinkwrap that the package ships lacks an entry.
  npm(vscode, env, 'install', '--omit=dev', '--ignore-scripts')
  for (const name of nativeModules) npm(vscode, env, 'rebuild', name)
  if (ripgrep !== null) linkRipgrep(path.join(vscode, ripgrep))
  // Even this much makes the server lay out its data, which would be done in the home directory.
  const data = path.join(folder, 'data')
  const parameters = ['out/server-main.js', `--server-data-dir=${data}`, '--version']
  const version = execFileSync('node', parameters, { cwd: vscode, env, encoding: 'utf8' })
  rmSync(data, { recursive: true, force: true })
  writeFileSync(path.join(folder, '.complete'), version)
}

/** Takes a package from the registry and checks that it is the one that was pinned. */
function unpack(folder: string, into: string, { integrity, name, version }: PinnedPackage): void {
  npm(folder, process.env, 'pack', `${name}@${version}`)
  const tarball = path.join(folder, `${name}-${version}.tgz`)
  const digest = createHash('sha512').update(readFileSync(tarball)).digest('base64')
  if (`sha512-${digest}` !== integrity) {
    throw new Error(`${name}@${version} is not the package that was pinned`)
  }
  const place = path.join(folder, into)
  mkdirSync(place)
  execFileSync('tar', ['xzf', tarball, '-C', place, '--strip-components=1'])
  rmSync(tarball)
}

function npm(cwd: string, env: NodeJS.ProcessEnv, ...parameters: readonly string[]): void {
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier']
  execFileSync('npm', [...parameters, ...quiet], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Search in files is not what is tested: without a ripgrep on this machine it finds nothing. */
function linkRipgrep(place: string): void {
  const found = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, 'rg'))
    .find((file) => existsSync(file))
  if (found === undefined || existsSync(place)) return
  mkdirSync(path.dirname(place), { recursive: true })
  symlinkSync(found, place)
}

function removeUnused(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name)
    const marker = path.join(folder, '.complete')
    const usedAt = statSync(existsSync(marker) ? marker : folder).mtimeMs
    if (Date.now() - usedAt > UNUSED_AFTER_MS) rmSync(folder, { recursive: true, force: true })
  }
}
