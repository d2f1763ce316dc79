import type { Workspace } from '../configuration/index.ts'
import type { Explanation, PlanStep } from '../control/index.ts'
import { EventStream } from '../events/index.ts'
import { explanationOf } from '../session/explanation.ts'
import { FileWatch } from '../session/file-watch.ts'
import { planChange, planStart } from '../session/plan-steps.ts'

/** Why a path would make targets of a workspace react, as a session would say it. Builds nothing. */
export async function explainPath(workspace: Workspace, path: string): Promise<Explanation> {
  await using watch = new FileWatch({
    workspace,
    events: new EventStream(),
    onChange: () => undefined,
    onConfigurationChange: () => undefined,
  })
  await watch.ready()
  return explanationOf(path, watch.explain(path), workspace, isEager(workspace))
}

/** What a session would do at its start, or after a change; how long builds take is not known here. */
export async function planOnce(
  workspace: Workspace,
  change: string | null,
): Promise<readonly PlanStep[]> {
  const isWanted = isEager(workspace)
  const options = { workspace, durationOf: () => null, isWanted }
  if (change === null)
    return planStart([...workspace.targets.keys()].filter(isWanted), 'start of a session', options)
  const { path, targets } = await explainPath(workspace, change)
  return planChange(
    targets.map(({ name }) => name),
    path,
    options,
  )
}

const isEager =
  ({ targets }: Workspace) =>
  (name: string): boolean =>
    targets.get(name)?.start === 'eager'
