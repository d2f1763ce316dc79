import { type Workspace, nearestName } from '../configuration/index.ts'
import { RequestError } from '../control/index.ts'
import { UnknownTargetError } from './session-errors.ts'

/**
 * These names, which are all targets.
 *
 * @throws {RequestError} for the first that is none, with the nearest that is.
 */
export function knownTargets(workspace: Workspace, names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !workspace.targets.has(name))
  if (unknown === undefined) return names
  const known = [...workspace.targets.keys()]
  throw new RequestError(
    new UnknownTargetError(unknown, known, nearestName(unknown, known)).message,
  )
}
