import type { Document } from '../documents/documents.ts'

/** One document of `--json`, as a line. */
export const documentLine = (document: Document): string =>
  `${JSON.stringify({ v: 1, ...document }, jsonValue)}\n`

/** Generations of locks are too large for a JSON number. */
const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value
