import { type Outcome, type Waiter } from '@singletrack/lockfile'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../output/table.ts'
import { answer } from './answer.ts'
import { holderText } from './holder-text.ts'
import { type PlacedLock, lockViews } from './lock-views.ts'
import { workspaceRoot } from './workspace-root.ts'

/** Prints all locks of the workspace. Resolves with the exit code. */
export async function lockStatus(args: GlobalArguments): Promise<number> {
  const root = workspaceRoot(args)
  const views = await lockViews(args)
  answer(
    args,
    {
      type: 'locks',
      root,
      locks: views.map(({ root: lockRoot, view }) => ({ root: lockRoot, ...view })),
    },
    () =>
      table([
        ['LOCK', 'STATE', 'DETAIL'],
        ...views.map((each) => row(each).concat(each.root === root ? [] : [`in ${each.root}`])),
      ]),
  )
  return exitCodes.ok
}

function row({ view }: PlacedLock): readonly string[] {
  switch (view.kind) {
    case 'absent':
      return [view.lock, 'free', 'never used']
    case 'free':
      return [view.lock, 'free', lastOutcome(view.lastOutcome)]
    case 'broken':
      return [view.lock, 'broken', `${view.message}; see "singletrack lock repair ${view.lock}"`]
    case 'held':
      return [
        view.lock,
        view.verdict.kind === 'alive' ? 'held' : `held, ${view.verdict.kind}`,
        `by ${holderText(view.holder)}${waiting(view.waiters)}`,
      ]
  }
}

function lastOutcome(outcome: Outcome | null): string {
  if (outcome === null) return ''
  const code = outcome.exitCode === undefined ? '' : ` (exit code ${outcome.exitCode})`
  return `the last build under it: ${outcome.status}${outcome.status === 'failed' ? code : ''}`
}

function waiting(waiters: readonly Waiter[]): string {
  if (waiters.length === 0) return ''
  const names = waiters.map(({ label, pid }) => `${label ?? 'another program'} (pid ${pid})`)
  return `; waiting: ${names.join(', ')}`
}
