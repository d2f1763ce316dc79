import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A Cargo workspace with a function on the real `lambda_runtime` crate. */
export const RUST_FUNCTIONS: string = fileURLToPath(
  new URL('../fixtures/rust-functions', import.meta.url),
)

/** What is compiled is kept for the next time; a machine that is slower than this goes without. */
const COMPILE_LIMIT_MS = 180_000
const FETCH_LIMIT_MS = 60_000

/** Where the crates are compiled, or why they are not. */
export type CompiledCrates =
  | { readonly kind: 'compiled'; readonly targetDirectory: string }
  | { readonly kind: 'missing'; readonly reason: string }

/**
 * Compiles the crates that the function needs into a directory in the user's cache, which belongs
 * to this lockfile and compiler.
 */
export async function compileCrates(): Promise<CompiledCrates> {
  const compiler = spawnSync('cargo', ['-vV'], { encoding: 'utf8' })
  if (compiler.status !== 0) return { kind: 'missing', reason: 'cargo is not on PATH' }
  const key = createHash('sha256')
    .update(compiler.stdout)
    .update(readFileSync(join(RUST_FUNCTIONS, 'Cargo.lock')))
    .update(readFileSync(join(RUST_FUNCTIONS, 'Cargo.toml')))
    .digest('hex')
    .slice(0, 16)
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const targetDirectory = join(cache, 'singletrack-tests', `rust-${key}`)
  mkdirSync(targetDirectory, { recursive: true })
  const fetched = await run(['fetch', '--locked'], {}, FETCH_LIMIT_MS)
  if (fetched !== 'done') return { kind: 'missing', reason: 'no registry of crates is reachable' }
  const built = await run(
    ['build', '--locked', '--offline', '--quiet'],
    { CARGO_TARGET_DIR: targetDirectory },
    COMPILE_LIMIT_MS,
  )
  switch (built) {
    case 'done':
      return { kind: 'compiled', targetDirectory }
    case 'too-slow': {
      const reason = `its crates are not compiled within ${COMPILE_LIMIT_MS / 1_000} s; what is, is kept for the next time`
      return { kind: 'missing', reason }
    }
    case 'failed':
      throw new Error('the fixture test/fixtures/rust-functions does not compile')
  }
}

async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<'done' | 'failed' | 'too-slow'> {
  const options: SpawnOptions = {
    cwd: RUST_FUNCTIONS,
    env: {
      ...process.env,
      CARGO_BUILD_TARGET: undefined,
      CARGO_BUILD_BUILD_DIR: undefined,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
    // Of its own group, so that the compilers end with it.
    detached: true,
  }
  const child = spawn('cargo', args, options)
  const ended = once(child, 'exit')
  let isSlow = false
  const timer = setTimeout(() => {
    isSlow = true
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, limitMs)
  const [code] = await ended
  clearTimeout(timer)
  if (isSlow) return 'too-slow'
  return code === 0 ? 'done' : 'failed'
}
