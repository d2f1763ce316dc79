// Counts visits in the database: `GET /` adds one.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const { PORT, REDIS_PORT } = process.env

/** One command on a connection of its own; the answer is one line, `:1` or `-ERR why`. */
const redis = async (command) => {
  const socket = connect(Number(REDIS_PORT), '127.0.0.1').setTimeout(2000)
  socket.once('timeout', () => socket.destroy(new Error('the database does not answer')))
  try {
    socket.write(`${command}\r\n`)
    const [chunk] = await once(socket, 'data')
    const answer = chunk.toString().trim()
    if (!answer.startsWith(':')) throw new Error(`the database answers ${answer}`)
    return Number(answer.slice(1))
  } finally {
    socket.destroy()
  }
}

const server = createServer(async (request, response) => {
  try {
    const body =
      request.url === '/' ? { visits: await redis('INCR visits') } : { path: request.url }
    response.end(`${JSON.stringify(body)}\n`)
  } catch (error) {
    response.statusCode = 503
    response.end(`${JSON.stringify({ error: error.message })}\n`)
  }
})

server.listen(Number(PORT), '127.0.0.1', () => console.log(`visits at http://127.0.0.1:${PORT}`))
process.once('SIGTERM', () => server.close())
