import * as z from 'zod'

import type { Method, Requests } from './protocol.ts'

const name = z.string().min(1).max(200)
const names = z.array(name).max(10_000)
const nothing = z.strictObject({})

/** What each request must look like; anything else is answered with `InvalidParams`. */
export const requestSchemas: { readonly [M in Method]: z.ZodType<Requests[M]['params']> } = {
  hello: z.object({ protocol: z.int(), nonce: z.string().max(100) }),
  status: nothing,
  subscribe: z.strictObject({
    history: z.boolean().exactOptional(),
    output: z.boolean().exactOptional(),
  }),
  unsubscribe: nothing,
  start: z.strictObject({ targets: names }),
  stop: z.strictObject({ targets: names }),
  restart: z.strictObject({ targets: names }),
  signal: z.strictObject({ target: name, signal: z.string().max(20) }),
  build: z.strictObject({ targets: names, fresh: z.boolean() }),
  pause: nothing,
  resume: nothing,
  attend: z.strictObject({ targets: names }),
  logs: z.strictObject({
    targets: names,
    since: z.number().exactOptional(),
    grep: z.string().max(1_000).exactOptional(),
    limit: z.int().min(1).max(100_000).exactOptional(),
  }),
  why: z.strictObject({ target: name }),
  explain: z.strictObject({ path: z.string().min(1).max(4_096) }),
  plan: z.strictObject({ change: z.string().max(4_096).nullable() }),
  env: z.strictObject({ target: name }),
  wait: z.strictObject({
    for: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('settled') }),
      z.strictObject({ kind: z.literal('ready'), targets: names }),
    ]),
    timeoutMs: z.number().min(0).nullable(),
  }),
  shutdown: z.strictObject({ force: z.boolean() }),
}
