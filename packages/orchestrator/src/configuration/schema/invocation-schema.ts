import * as z from 'zod'

import { parseDuration } from './duration.ts'
import { key, section, text, timeout } from './setting-types.ts'
import { words } from './words.ts'

/** Browsers remember no longer than a day. */
const LONGEST_MAX_AGE_MS = 86_400_000

const origin = text.refine((value) => value === '*' || isOrigin(String(value)), {
  error: words('is no origin', 'write "https://example.com", without a path, or "*"'),
})

const headerWord = text.refine((value) => /^[!-+\--~]+$/.test(String(value)), {
  error: words('cannot be part of a header', 'write one name, without spaces or commas'),
})

const cors = section({
  allowOrigins: key(
    z.array(origin),
    'Origins of pages, such as "https://example.com"; "*" for all pages of this machine.',
  ),
  allowMethods: key(z.array(headerWord), 'Methods, such as "PUT"; "*" for all.'),
  allowHeaders: key(z.array(headerWord), 'Headers that a page may send; "*" for all.'),
  exposeHeaders: key(z.array(headerWord), 'Headers of the answer that a page may read.'),
  allowCredentials: key(z.boolean(), 'Whether pages may send cookies. Default: false.'),
  maxAge: key(
    timeout.refine((value) => (parseDuration(String(value)) ?? 0) <= LONGEST_MAX_AGE_MS, {
      error: words('is longer than a day', 'write "24h" at most'),
    }),
    'How long a browser may remember it. Default: not at all.',
  ),
})

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}

/** How a function answers invocations. */
export const invocation: z.ZodType = section({
  timeout: key(timeout, 'The longest time one invocation may take. Default: "30s".'),
  concurrency: key(z.int().min(1).max(1000), 'Processes that answer at the same time. Default: 1.'),
  queueLimit: key(
    z.int().min(0).max(100_000),
    'Invocations that wait for a process; one more is answered with 429. Default: 100.',
  ),
  queueTimeout: key(
    timeout,
    'The longest time an invocation waits, a build included. Default: "15m".',
  ),
  idle: key(timeout, 'Stopped after so long without a request. Default: never.'),
  memory: key(
    z.int().min(1).max(10_240),
    'Megabytes that the function is told it has. Default: 128.',
  ),
  cors: key(cors, 'Which pages may call its function URL. Default: the function says so itself.'),
})
