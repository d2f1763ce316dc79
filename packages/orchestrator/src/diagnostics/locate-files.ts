import { isAbsolute, resolve } from 'node:path'

import type { Diagnostic } from './diagnostic.ts'

/**
 * Makes the files of diagnostics absolute where that is certain: the first folder in which the file
 * exists. Tools differ in what their paths are relative to: most to where they run, rustc to the
 * root of the Cargo workspace. What is found nowhere stays as it was printed.
 */
export function locateFiles(
  diagnostics: readonly Diagnostic[],
  folders: readonly string[],
  exists: (path: string) => boolean,
): readonly Diagnostic[] {
  const known = new Map<string, string>()
  const locate = (file: string): string => {
    if (isAbsolute(file)) return file
    const found = folders.map((folder) => resolve(folder, file)).find(exists)
    return found ?? file
  }
  return diagnostics.map((diagnostic) => {
    const { file } = diagnostic
    if (file === null) return diagnostic
    const located = known.get(file) ?? locate(file)
    known.set(file, located)
    return { ...diagnostic, file: located }
  })
}
