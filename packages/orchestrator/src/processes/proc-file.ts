import { readFileSync, readdirSync } from 'node:fs'

/** What a file of `/proc` says; `null` when it cannot be read: gone meanwhile, or another user's. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** The names in a directory of `/proc`; none when it cannot be read. */
export function listProc(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
