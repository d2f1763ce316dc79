import { RootError, resolveRoot } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { Failure } from '../failure.ts'

/**
 * The root of the workspace that the arguments and the current directory name.
 *
 * @throws {Failure} when `--root` names no directory.
 */
export function workspaceRoot(args: GlobalArguments): string {
  try {
    return resolveRoot({ cwd: process.cwd(), root: args.root })
  } catch (error) {
    throw error instanceof RootError ? new Failure(error.code, error.message) : error
  }
}
