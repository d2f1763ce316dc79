import { join } from 'node:path'

import { type LockView, describeHolder, inspect } from '@singletrack/lockfile'

import { cargoLockFiles } from '../attribution/index.ts'
import { type ProcessTable, systemProcessTable } from '../processes/index.ts'
import { STATE_DIRECTORY } from '../state-directory/index.ts'
import { readJournal } from '../watchdog/index.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** Every lock of a workspace: who holds it, and which one needs a hand. */
export async function locks(root: string, now: number): Promise<readonly Finding[]> {
  const { locks: views } = await inspect({ root })
  const found = Object.values(views).flatMap((view) => lock(view, now))
  return found.length > 0 ? found : [ok('locks', 'all free')]
}

function lock(view: LockView, now: number): readonly Finding[] {
  switch (view.kind) {
    case 'absent':
    case 'free':
      return []
    case 'broken':
      return [
        problem('locks', `${view.lock}: ${view.message}`, `singletrack lock repair ${view.lock}`),
      ]
    case 'held':
      if (view.verdict.kind === 'dead') {
        return [
          warning(
            'locks',
            `${view.lock} is left from ${describeHolder(view.holder, now)}, which is dead`,
            'nothing: the next one takes it over',
          ),
        ]
      }
      return [ok('locks', `${view.lock} is held by ${describeHolder(view.holder, now)}`)]
  }
}

/** Processes that a session has recorded and that live on without it. */
export async function leftovers(
  root: string,
  table: ProcessTable = systemProcessTable(),
): Promise<Finding> {
  const { watch } = await inspect({ root })
  if (watch.kind === 'held' && watch.verdict.kind !== 'dead')
    return ok('leftovers', 'a session runs and looks after its processes')
  const { entries } = readJournal(join(root, STATE_DIRECTORY, 'journal'))
  const nonces = new Set([...entries.values()].map(({ nonce }) => nonce))
  const living = nonces.size === 0 ? [] : table.findMarked(nonces)
  if (living.length === 0) return ok('leftovers', 'no process of an earlier session lives')
  const named = living.map(({ pid }) => `${table.describe(pid)} (pid ${pid})`).join(', ')
  return warning(
    'leftovers',
    `of an earlier session there live ${named}`,
    'start "singletrack watch" once: it ends them',
  )
}

/** Who is at work inside cargo in the target directory of a workspace. */
export function cargo(
  root: string,
  table: ProcessTable = systemProcessTable(),
): readonly Finding[] {
  const holders = cargoLockFiles([join(root, 'target')]).flatMap((file) => table.lockHolders(file))
  return holders.map(({ command, pid }) =>
    warning(
      'cargo',
      `target/ is locked by ${command} (pid ${pid})`,
      'builds wait for it; give your editor a target directory of its own',
    ),
  )
}
