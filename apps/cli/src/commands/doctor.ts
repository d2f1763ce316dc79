import { type Finding, examine } from '@singletrack/orchestrator'
import pico from 'picocolors'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import { workspaceRoot } from './workspace-root.ts'

/** Says what is well and what is not. Resolves with 1 when something is a problem. */
export async function doctor(args: GlobalArguments, version: string): Promise<number> {
  const root = workspaceRoot(args)
  const findings = await examine(root, version)
  answer(args, { type: 'doctor', root, findings }, ({ colors }) => lines(findings, colors))
  const isWell = findings.every(({ level }) => level !== 'problem')
  return isWell ? exitCodes.ok : exitCodes.buildFailed
}

function lines(findings: readonly Finding[], colors: boolean): readonly string[] {
  const { green, red, yellow, dim } = pico.createColors(colors)
  const marks = { ok: green('●'), warning: yellow('▲'), problem: red('✖') }
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings.flatMap(({ level, check, text, remedy }) => [
    `${marks[level]} ${check.padEnd(width)}  ${text}`,
    ...(remedy === null ? [] : [dim(`  ${' '.repeat(width)}  → ${remedy}`)]),
  ])
}
