import { type OutcomeRecord, inspect, outcomes } from '@singletrack/lockfile'
import type { SessionState, Settlement, TargetState } from '@singletrack/orchestrator/client'
import pico from 'picocolors'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatDuration } from '../output/format.ts'
import { phaseTone, tintOf } from '../output/phase-tone.ts'
import { table } from '../output/table.ts'
import { TARGET_COLUMNS, targetRow } from '../output/target-row.ts'
import { answer } from './answer.ts'
import { askSession } from './session-client.ts'
import type { StatusArguments } from './status.command.ts'
import { workspaceRoot } from './workspace-root.ts'

type Colors = ReturnType<typeof pico.createColors>

/** Prints the state of the session, or what came of the last builds. Resolves with the exit code. */
export async function status(args: GlobalArguments & StatusArguments): Promise<number> {
  if (args.history) return history(args)
  const state = await askSession(args, 'status', {})
  answer(args, { type: 'status', ...state }, ({ colors }) =>
    statusLines(state, Date.now(), pico.createColors(colors)),
  )
  return exitCodes.ok
}

function statusLines(state: SessionState, now: number, colors: Colors): readonly string[] {
  const { configuration, targets, paused } = state
  return [
    `singletrack ${state.version} in ${state.root}, pid ${state.pid}, for ${formatDuration(now - state.startedAt)}`,
    ...table([
      TARGET_COLUMNS.map(colors.dim),
      ...targets.map((target) => targetRow(target, now).with(1, tinted(target, colors))),
    ]),
    ...(paused ? ['builds are paused'] : []),
    ...(configuration.kind === 'invalid'
      ? ['the configuration is broken; the last good one stays in use', ...configuration.problems]
      : []),
    settlementLine(state.settlement),
  ]
}

const tinted = ({ phase }: TargetState, colors: Colors): string =>
  tintOf(phaseTone(phase), colors)(phase)

function settlementLine(settlement: Settlement): string {
  switch (settlement.kind) {
    case 'settled':
      return 'settled'
    case 'busy':
      return `busy: ${settlement.targets.join(', ')}`
    case 'broken':
      return `settled, but not well: ${settlement.targets.map(({ name }) => name).join(', ')}`
  }
}

async function history(args: GlobalArguments): Promise<number> {
  const root = workspaceRoot(args)
  const { locks } = await inspect({ root })
  const names = Object.keys(locks).filter((lock) => lock !== 'watch')
  const records = (await Promise.all(names.map(async (lock) => outcomes({ root, lock })))).flat()
  const ordered = records.toSorted((a, b) => b.finishedAt - a.finishedAt)
  answer(args, { type: 'history', root, outcomes: ordered }, () =>
    ordered.length === 0
      ? [`no build is remembered in ${root}`]
      : table([
          ['ENDED', 'TOOK', 'LOCK', 'BY', 'OUTCOME'],
          ...ordered.map((record) => historyRow(record, Date.now())),
        ]),
  )
  return exitCodes.ok
}

const historyRow = (record: OutcomeRecord, now: number): readonly string[] => [
  `${formatDuration(Math.max(0, now - record.finishedAt))} ago`,
  formatDuration(record.finishedAt - record.startedAt),
  record.lock,
  `${record.holder.label} (pid ${record.holder.pid})`,
  [
    record.status,
    ...(record.status === 'failed' && record.exitCode !== undefined
      ? [`(exit code ${record.exitCode})`]
      : []),
    record.summary?.split('\n', 1)[0] ?? '',
  ]
    .join(' ')
    .trim(),
]
