import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** What one invocation came to. */
export type Invocation =
  | { readonly kind: 'answered'; readonly body: string }
  /** Refused, broken off, or not answered in time. */
  | { readonly kind: 'lost'; readonly because: string }

/** A caller who has no answer by then asks again. */
const PATIENCE_MS = 5_000

/** Between two invocations of one caller. */
const BETWEEN_MS = 20

/** Invokes a function once, as any client of AWS Lambda does. */
export async function invoke(endpoint: string, name: string): Promise<Invocation> {
  return new Promise((resolve) => {
    const lost = (error: Error): void => resolve({ kind: 'lost', because: error.message })
    const call = request(
      `${endpoint}/2015-03-31/functions/${name}/invocations`,
      { method: 'POST', agent: false, signal: AbortSignal.timeout(PATIENCE_MS) },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        response.on('error', lost)
        response.on('end', () => {
          const isGood = response.statusCode === 200
          if (isGood) resolve({ kind: 'answered', body })
          else resolve({ kind: 'lost', because: `${response.statusCode}: ${body}` })
        })
      },
    )
    call.on('error', lost).end('{}')
  })
}

/** What it took until a function answered with something. */
export interface Answer {
  /** When the answer was there, in ms; `null`: it never was. */
  readonly at: number | null
  /** Invocations that were refused, broken off, or not answered in time. */
  readonly lost: number
  /** The last of what was said instead. */
  readonly instead: string
}

/** Invokes a function again and again until its answer holds a text. */
export async function untilAnswered(
  endpoint: () => string | null,
  name: string,
  holds: string,
  limitMs: number,
): Promise<Answer> {
  const deadline = performance.now() + limitMs
  let [lost, instead] = [0, '']
  do {
    const url = endpoint()
    if (url !== null) {
      const invocation = await invoke(url, name)
      const at = performance.now()
      if (invocation.kind === 'answered' && invocation.body.includes(holds))
        return { at, lost, instead }
      if (invocation.kind === 'lost') lost += 1
      instead = invocation.kind === 'lost' ? invocation.because : invocation.body
    }
    await pause(BETWEEN_MS)
  } while (performance.now() < deadline)
  return { at: null, lost, instead }
}
