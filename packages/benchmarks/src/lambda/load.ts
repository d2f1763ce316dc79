import { Agent, request } from 'node:http'

/** One POST on a kept connection; resolves when its answer has been read. */
export function post(agent: Agent, url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': body.length }
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url} answered ${response.statusCode ?? 0}`))
      })
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

/** The time of each of many requests, one after the other. */
export async function roundTripsMs(url: string, count: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const body = Buffer.from('{"hello":"world"}')
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const startMs = performance.now()
    await post(agent, url, body) // oxlint-disable-line no-await-in-loop -- the next begins when this has ended
    times.push(performance.now() - startMs)
  }
  agent.destroy()
  return times
}

/** How many requests a second are answered while so many are always under way. */
export async function perSecond(url: string, underWay: number, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: underWay })
  const body = Buffer.from('{"hello":"world"}')
  let left = count
  const startMs = performance.now()
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await post(agent, url, body) // oxlint-disable-line no-await-in-loop -- one at a time is what a worker does
    }
  }
  await Promise.all(Array.from({ length: underWay }, worker))
  agent.destroy()
  return (count * 1000) / (performance.now() - startMs)
}
