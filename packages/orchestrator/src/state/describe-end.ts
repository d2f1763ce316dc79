import type { End } from './target-state.ts'

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
