import { execFileSync } from 'node:child_process'

/** Where Cargo is; `null` where it is not. */
export function findCargo(): string | null {
  try {
    return execFileSync('which', ['cargo'], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}
