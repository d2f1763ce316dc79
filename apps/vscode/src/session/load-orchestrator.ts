import { readFileSync, realpathSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import type * as Orchestrator from '@singletrack/orchestrator'

import manifest from '../../package.json' with { type: 'json' }

/** The program of a session, with the version that it tells of itself. */
export interface LoadedOrchestrator {
  readonly orchestrator: typeof Orchestrator
  readonly version: string
}

/** The orchestrator that comes with the extension. */
export async function bundledOrchestrator(): Promise<LoadedOrchestrator> {
  return { orchestrator: await import('@singletrack/orchestrator'), version: manifest.version }
}

/**
 * The orchestrator of the `singletrack` that a workspace has installed.
 *
 * @throws when it has none; the message says what to do
 */
export async function installedOrchestrator(workspace: string): Promise<LoadedOrchestrator> {
  const command = installedCommand(workspace)
  const found = manifestOf('@singletrack/orchestrator', command)
  if (found === null) throw new Error(`${command} is there without "@singletrack/orchestrator"`)
  const entry = path.join(path.dirname(found), 'dist/index.js')
  const orchestrator: typeof Orchestrator = await import(pathToFileURL(entry).href)
  return { orchestrator, version: versionIn(command) }
}

/** The manifest of the installed `singletrack`. */
function installedCommand(workspace: string): string {
  const command = manifestOf('singletrack', path.join(workspace, 'package.json'))
  if (command !== null) return command
  throw new Error(
    `${workspace} has no "singletrack" installed; install it there, or set "singletrack.session" to "bundled"`,
  )
}

/**
 * The manifest of a package as a file would import it, with its links followed. `NODE_PATH` is not
 * asked, as it would be by `require.resolve`: what it names is not the workspace's.
 */
function manifestOf(name: string, importer: string): string | null {
  try {
    const found = findPackageJSON(name, pathToFileURL(importer))
    return found === undefined ? null : realpathSync(found)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      return null
    throw error
  }
}

function versionIn(file: string): string {
  const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(file, 'utf8'))
  return typeof version === 'string' ? version : 'unknown'
}
