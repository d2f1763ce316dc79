import { randomBytes } from 'node:crypto'

/** What a header may carry on: X-Ray's fields and nothing that could end the header. */
const acceptable = /^[\w=;:.+/@-]{1,500}$/

/** The caller's X-Ray trace header, or a new unsampled one. */
export function traceId(header: string | undefined, nowMs: number): string {
  if (header !== undefined && acceptable.test(header)) return header
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0')
  const root = `1-${seconds}-${randomBytes(12).toString('hex')}`
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`
}
