import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
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
  const found = createRequire(command).resolve('@singletrack/orchestrator/package.json')
  const entry = path.join(path.dirname(found), 'dist/index.js')
  const orchestrator: typeof Orchestrator = await import(pathToFileURL(entry).href)
  return { orchestrator, version: versionIn(command) }
}

/** The manifest of the installed `singletrack`. */
function installedCommand(workspace: string): string {
  try {
    return createRequire(path.join(workspace, 'package.json')).resolve('singletrack/package.json')
  } catch (error) {
    throw new Error(
      `${workspace} has no "singletrack" installed; install it there, or set "singletrack.session" to "bundled"`,
      { cause: error },
    )
  }
}

function versionIn(file: string): string {
  const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(file, 'utf8'))
  return typeof version === 'string' ? version : 'unknown'
}
