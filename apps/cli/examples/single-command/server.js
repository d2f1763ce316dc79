import { createServer } from 'node:http'

import { greeting } from './src/greeting.js'

const port = process.env.PORT ?? 3031
const server = createServer((request, response) => response.end(`${greeting(request.url)}\n`))

server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`))
process.once('SIGTERM', () => server.close())
