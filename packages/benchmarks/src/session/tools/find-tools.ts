import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { cargoLambdaEndpoint, prepareCargoLambda } from './cargo-lambda.ts'
import { prepareNodeWatch } from './node-watch.ts'
import { NODEMON, prepareNodemon } from './nodemon.ts'
import { prepareProcessCompose } from './process-compose.ts'
import { SINGLETRACK, isBuilt, prepareSingletrack, singletrackEndpoint } from './singletrack.ts'
import type { Tool, ToolName } from './tool.ts'
import { prepareTurbo } from './turbo.ts'
import { prepareWatchexec } from './watchexec.ts'
import { WIREIT, prepareWireit } from './wireit.ts'

/** How long a program may take to say its version. */
const ANSWER_MS = 20_000

/** A tool that is not here, and how to get it. */
export interface MissingTool {
  readonly name: ToolName
  readonly install: string
}

export interface FoundTools {
  readonly tools: readonly Tool[]
  readonly missing: readonly MissingTool[]
}

/** How the machine is asked, so that a test can answer. */
export interface Surroundings {
  /** The first program of that name on the search path. */
  readonly which: (program: string) => string | null
  /** What a program prints about itself; `null` if it cannot be run. */
  readonly output: (program: string, args: readonly string[]) => string | null
  readonly isBuilt: () => boolean
}

/** Which of the tools there are on this machine, in the order of the tables. */
export function findTools(around: Surroundings = machine): FoundTools {
  const candidates = [
    singletrack(around),
    nodemon(around),
    nodeWatch(),
    wireit(),
    turbo(around),
    watchexec(around),
    processCompose(around),
    cargoLambda(around),
  ]
  return {
    tools: candidates.filter((one) => 'prepare' in one),
    missing: candidates.filter((one) => 'install' in one),
  }
}

type Candidate = Tool | MissingTool

function singletrack({ isBuilt: built, output }: Surroundings): Candidate {
  if (!built()) return { name: 'singletrack', install: 'turbo run build --filter=singletrack' }
  const version = versionIn(output(process.execPath, [SINGLETRACK, '--version']))
  return {
    name: 'singletrack',
    version,
    scope: 'workspace',
    serves: 'both',
    prepare: prepareSingletrack,
    endpoint: singletrackEndpoint,
  }
}

function nodemon({ output }: Surroundings): Candidate {
  const version = versionIn(output(process.execPath, [NODEMON, '--version']))
  const versionCommand = [process.execPath, NODEMON, '--version'] as const
  return {
    name: 'nodemon',
    version,
    scope: 'function',
    serves: 'programs',
    prepare: prepareNodemon,
    versionCommand,
  }
}

function nodeWatch(): Candidate {
  return {
    name: 'node --watch',
    version: process.versions.node,
    scope: 'function',
    serves: 'programs',
    prepare: prepareNodeWatch,
    cannot: ({ shared }) =>
      shared === null ? null : 'builds nothing, and this build does not watch by itself',
  }
}

function wireit(): Candidate {
  const require = createRequire(WIREIT)
  const { version }: { readonly version: string } = require('wireit/package.json')
  return { name: 'wireit', version, scope: 'workspace', serves: 'programs', prepare: prepareWireit }
}

function turbo({ which, output }: Surroundings): Candidate {
  const shim = which('turbo')
  const pnpm = versionIn(output('pnpm', ['--version']))
  if (shim === null || pnpm === '')
    return { name: 'turbo watch', install: 'npm install --global turbo pnpm' }
  return {
    name: 'turbo watch',
    version: versionIn(output(shim, ['--version'])),
    scope: 'workspace',
    serves: 'programs',
    prepare: (spec) => prepareTurbo(spec, nativeTurbo(shim), `pnpm@${pnpm}`),
    versionCommand: [shim, '--version'],
    isDaemon: (command) => /\bturbo\b.* daemon\b/.test(command),
  }
}

function watchexec({ which, output }: Surroundings): Candidate {
  const program = which('watchexec')
  if (program === null)
    return { name: 'watchexec', install: 'cargo install --locked watchexec-cli' }
  return {
    name: 'watchexec',
    version: versionIn(output(program, ['--version'])),
    scope: 'function',
    serves: 'programs',
    prepare: (spec) => prepareWatchexec(spec, program),
    versionCommand: [program, '--version'],
  }
}

function processCompose({ which, output }: Surroundings): Candidate {
  const install = 'a release of github.com/F1bonacc1/process-compose, 1.122 or later, on the PATH'
  const program = which('process-compose')
  if (program === null) return { name: 'process-compose', install }
  return {
    name: 'process-compose',
    version: versionIn(output(program, ['version', '--short'])),
    scope: 'workspace',
    serves: 'programs',
    prepare: (spec) => prepareProcessCompose(spec, program),
    versionCommand: [program, 'version', '--short'],
  }
}

function cargoLambda({ which, output }: Surroundings): Candidate {
  const program = which('cargo-lambda')
  if (program === null) return { name: 'cargo-lambda', install: 'pip install cargo-lambda' }
  return {
    name: 'cargo-lambda',
    version: versionIn(output(program, ['lambda', '--version'])),
    scope: 'workspace',
    serves: 'invocations',
    prepare: (spec) => prepareCargoLambda(spec, program),
    endpoint: cargoLambdaEndpoint,
  }
}

/** The first version number in what a program says. */
export function versionIn(output: string | null): string {
  return /\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?/.exec(output ?? '')?.[0] ?? ''
}

/** The program behind the script that npm puts on the path, which would only wait for it. */
function nativeTurbo(shim: string): string {
  try {
    const folder = `@turbo/${process.platform}-${process.arch === 'x64' ? '64' : process.arch}`
    const native = createRequire(createRequire(shim).resolve('turbo/package.json'))
    const program = join(native.resolve(`${folder}/package.json`), '../bin/turbo')
    return existsSync(program) ? program : shim
  } catch {
    return shim
  }
}

const machine: Surroundings = {
  which: (program) => run('which', [program]),
  output: run,
  isBuilt,
}

function run(program: string, args: readonly string[]): string | null {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL',
    }).trim()
  } catch {
    return null
  }
}
