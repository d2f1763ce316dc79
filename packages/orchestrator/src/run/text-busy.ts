import type { End } from '../state/index.ts'

/**
 * Whether a start failed because the program is still open for writing, by a child that a build
 * left or by whoever copies it (ETXTBSY). Behind its gate a program is started by a shell, which
 * exits with 126 and says why on its last line.
 */
export function isTextBusy(end: End, lastLine: string | null): boolean {
  return end.kind === 'code' && end.code === 126 && (lastLine ?? '').endsWith(': Text file busy')
}
