import type { Diagnostic } from '@singletrack/orchestrator'

/**
 * What a build complains of as compilers and editors write it, one problem a line:
 * `file:line:column: error CODE: message`. What names no file has no line here.
 */
export function problemLines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.flatMap(({ code, column, file, line, message, severity }) => {
    if (file === null) return []
    // A file as a whole is marked where it begins.
    const place = [file, line ?? 1, ...(line === null || column === null ? [] : [column])].join(':')
    return [`${place}: ${severity}${code === null ? '' : ` ${code}`}: ${message}`]
  })
}
