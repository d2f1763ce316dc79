import { checkPort } from './check-port.ts'
import type { Attempt, CheckContext } from './readiness-check.ts'

// A server that takes longer to answer is busy starting; the next look asks again.
const attemptTimeoutMs = 2_000

/** Whether the run answers a GET with 2xx or 3xx. On this machine the listener must be the run's own. */
export async function checkHttp(url: URL, context: CheckContext): Promise<Attempt> {
  const addresses = localAddresses(url.hostname)
  if (addresses !== null) {
    const listening = await checkPort(portOf(url), context)
    if (listening.kind !== 'ready') return listening
  }
  let attempt: Attempt = { kind: 'not-yet', detail: `GET ${url.href} was not answered` }
  for (const address of addresses ?? [url.hostname]) {
    // oxlint-disable-next-line no-await-in-loop -- the second address only if the first is not ready
    const answer = await get(url, address, addresses !== null, context.signal)
    if (answer.kind === 'ready') return answer
    if (answer.kind === 'answered') {
      attempt = { kind: 'not-yet', detail: `GET ${url.href} answered ${answer.status}` }
    }
  }
  return attempt
}

type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'no-answer' }

async function get(
  url: URL,
  address: string,
  local: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  // Not imported: to import `node:http` by name loads all of `fetch` with it.
  const { request } =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http')
  return new Promise((resolve) => {
    const sent = request({
      host: address,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host },
      servername: url.hostname,
      // A development server signs its own certificate; over loopback nobody can be in between.
      rejectUnauthorized: !local,
      agent: false,
      timeout: attemptTimeoutMs,
      signal,
    })
    sent.once('response', (response) => {
      const status = response.statusCode ?? 0
      // The body may never end.
      response.destroy()
      sent.destroy()
      resolve(status >= 200 && status < 400 ? { kind: 'ready' } : { kind: 'answered', status })
    })
    sent.once('timeout', () => sent.destroy())
    sent.on('error', () => resolve({ kind: 'no-answer' }))
    sent.once('close', () => resolve({ kind: 'no-answer' }))
    sent.end()
  })
}

/** Where to connect for a name that means this machine; `null` for any other. */
function localAddresses(hostname: string): readonly string[] | null {
  switch (hostname) {
    case 'localhost':
    case '0.0.0.0':
    case '[::]':
      return ['127.0.0.1', '::1']
    case '[::1]':
      return ['::1']
    default:
      if (hostname.endsWith('.localhost')) return ['127.0.0.1', '::1']
      return hostname.startsWith('127.') ? [hostname] : null
  }
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}
