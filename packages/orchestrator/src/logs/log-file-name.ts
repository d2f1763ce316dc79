import { createHash } from 'node:crypto'

// Leaves room for the hash and the ending within the 255 bytes that file systems allow.
const maxLength = 80
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i

/**
 * The name of a target's log without its ending: the target's own where every file system takes it,
 * else made safe, with a hash so that no two targets share one (`@x/a` and `@x_a`, `api` and `API`).
 */
export function logFileName(target: string): string {
  const safe = target.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '_')
  const plain =
    safe === target && target.length <= maxLength && /^[a-z0-9_]/.test(safe) && !reserved.test(safe)
  // "name.1" would be the older generation of "name".
  if (plain && !/\.\d+$/.test(safe) && !safe.endsWith('.')) return safe
  const hash = createHash('sha256').update(target).digest('hex').slice(0, 10)
  return `_${safe.slice(0, maxLength)}-${hash}`
}
