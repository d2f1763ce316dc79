import { Agent, type IncomingMessage, request } from 'node:http'

/** A function that answers every event with the event, over one connection. */
const api = `http://${process.env['AWS_LAMBDA_RUNTIME_API'] ?? ''}/2018-06-01/runtime/invocation`
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function call(method: string, url: string, body: Buffer): Promise<[IncomingMessage, Buffer]> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': body.length }
    const outgoing = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        resolve([response, Buffer.concat(chunks)])
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

for (;;) {
  // One invocation after the other is how a runtime works.
  const [next, event] = await call('GET', `${api}/next`, Buffer.alloc(0)) // oxlint-disable-line no-await-in-loop -- see above
  const id = String(next.headers['lambda-runtime-aws-request-id'])
  await call('POST', `${api}/${id}/response`, event) // oxlint-disable-line no-await-in-loop -- see above
}
