import { relative } from 'node:path'

import {
  type ConfigurationResult,
  type Workspace,
  describeProblem,
  detectWorkspace,
  loadConfiguration,
  nearestName,
} from '@singletrack/orchestrator/configuration'

import type { GlobalArguments } from '../arguments.ts'
import { Failure } from '../failure.ts'
import { workspaceRoot } from './workspace-root.ts'

/**
 * The workspace that the arguments and the current directory name; without a configuration, what
 * is found there.
 *
 * @throws {Failure} naming file, line and remedy of everything that is wrong with it.
 */
export async function loadWorkspace(args: GlobalArguments): Promise<Workspace> {
  return workspaceOf(await workspaceReader(args)())
}

/**
 * The configuration with each of its settings and where they come from.
 *
 * @throws {Failure} as {@link loadWorkspace} does.
 */
export async function loadConfigured(args: GlobalArguments): Promise<LoadedConfiguration> {
  const result = await workspaceReader(args)()
  if (result.kind === 'loaded') return result
  throw failureOf(result)
}

type LoadedConfiguration = ConfigurationResult & { readonly kind: 'loaded' }

/**
 * The configured workspace, or `null` where there is no configuration.
 *
 * @throws {Failure} for a configuration that is there and broken.
 */
export async function loadConfiguredIfThere(args: GlobalArguments): Promise<Workspace | null> {
  const result = await configurationReader(args)()
  return result.kind === 'missing' ? null : workspaceOf(result)
}

/**
 * The workspace, or `null` where there is no configuration and nothing can be found. Why nothing
 * could be found is said to people: what they asked for goes on without it.
 *
 * @throws {Failure} for a configuration that is there and broken.
 */
export async function loadWorkspaceIfThere(args: GlobalArguments): Promise<Workspace | null> {
  const configured = await loadConfiguredIfThere(args)
  if (configured !== null) return configured
  const found = await findWorkspace(workspaceRoot(args))
  if (found.kind === 'invalid') {
    const [problem] = found.problems
    process.stderr.write(
      `singletrack: cannot tell what is built here: ${problem?.message ?? 'unknown'}; going on with the lock "build" alone\n`,
    )
  }
  return found.kind === 'loaded' ? found.workspace : null
}

/**
 * Reads the configuration, or looks at what is there where there is none. It may be called again
 * when something has changed: then a configuration that was written meanwhile counts.
 */
export function workspaceReader(args: GlobalArguments): () => Promise<ConfigurationResult> {
  const readConfiguration = configurationReader(args)
  return async () => {
    const configured = await readConfiguration()
    return configured.kind === 'missing' ? findWorkspace(configured.root) : configured
  }
}

async function findWorkspace(root: string): Promise<ConfigurationResult> {
  const found = await detectWorkspace(root, { environment: process.env })
  switch (found.kind) {
    case 'detected':
      return { ...found, kind: 'loaded' }
    case 'nothing':
      return { kind: 'missing', root }
    case 'invalid':
      return { ...found, files: [] }
  }
}

/** Reads the configuration that the arguments name, again each time it is called. */
export function configurationReader(args: GlobalArguments): () => Promise<ConfigurationResult> {
  const root = workspaceRoot(args)
  return async () => loadConfiguration({ root, environment: process.env, config: args.config })
}

/**
 * Checks that these are targets of the workspace.
 *
 * @throws {Failure} naming the first that is not, and the nearest that is.
 */
export function requireTargets(workspace: Workspace, names: readonly string[]): void {
  const known = [...workspace.targets.keys()]
  const unknown = names.find((name) => !workspace.targets.has(name))
  if (unknown === undefined) return
  const nearest = nearestName(unknown, known)
  throw new Failure(
    'UNKNOWN_TARGET',
    `there is no target "${unknown}"; ${nearest === null ? `there are ${known.join(', ')}` : `did you mean "${nearest}"?`}`,
  )
}

function workspaceOf(result: ConfigurationResult): Workspace {
  if (result.kind === 'loaded') return result.workspace
  throw failureOf(result)
}

function failureOf(result: Exclude<ConfigurationResult, LoadedConfiguration>): Failure {
  switch (result.kind) {
    case 'missing':
      return new Failure(
        'CONFIGURATION_MISSING',
        `there is no singletrack.jsonc in ${relative(process.cwd(), result.root) || '.'} or above; ` +
          'write one such as { "targets": { "api": { "run": ["node", "server.js"] } } }, or run "singletrack init"',
      )
    case 'invalid':
      return new Failure(
        'CONFIGURATION_INVALID',
        result.problems
          .map((problem) => describeProblem(problem, { cwd: process.cwd() }))
          .join('\n'),
        { details: { problems: result.problems } },
      )
  }
}
