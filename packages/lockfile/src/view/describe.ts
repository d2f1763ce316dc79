import type { Verdict } from '../verdict/verdict.ts'
import type { Holder } from './lock-view.ts'

/**
 * One line for people who wait: `waiting for build by VS Code (building orders, pid 123, 12 s)`.
 * `host` is named only when it is not this one.
 */
export function describeWait(
  lock: string,
  holder: Holder,
  verdict: Verdict,
  nowMs: number,
): string {
  return `waiting for ${lock} by ${describeHolder(holder, nowMs)}${describeVerdict(verdict)}`
}

/** `VS Code (building orders, pid 123, 12 s)`. */
export function describeHolder(holder: Holder, nowMs: number): string {
  const facts = [
    ...(holder.purpose === null || holder.purpose === '' ? [] : [holder.purpose]),
    `pid ${holder.pid}`,
    ...(holder.startedAt === null ? [] : [describeAge(nowMs - holder.startedAt)]),
    ...(holder.host === null || holder.host === '' ? [] : [`host ${holder.host}`]),
  ]
  const name = holder.label === null || holder.label === '' ? 'another program' : holder.label
  return `${name} (${facts.join(', ')})`
}

/** `12 s`, `3 min`, `2 h`. A clock that went back shows as `0 s`. */
export function describeAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3600)} h`
}

function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'alive':
      return ''
    case 'dying':
      return ', which is ending'
    case 'suspended':
      return verdict.by === 'signal' ? ', which is stopped (fg or kill -CONT)' : ', in a debugger'
    case 'suspect':
      return `, silent for ${describeAge(verdict.silentMs)}`
    case 'unknown':
      return ', on another machine or in another container'
    case 'dead':
      return ', which is dead'
  }
}
