import type { End, TargetState } from './target-state.ts'

/** `exit code 3`, `killed by SIGKILL`, or the spawn error's message. */
export function describeEnd(end: End): string {
  switch (end.kind) {
    case 'code':
      return `exit code ${end.code}`
    case 'signal':
      return `killed by ${end.signal}`
    case 'spawn-failed':
      return end.message
  }
}

/** What starts a target again whose crashes have used up its restarts, or that has none. */
export function describeRevival(start: TargetState['start']): string {
  return start === 'on-invoke' ? 'starts again when it is invoked' : 'waits for a change'
}
