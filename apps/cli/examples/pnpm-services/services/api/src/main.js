import { createServer } from 'node:http'

import { checkAnswer, paths } from '../../../packages/contracts/index.js'

const version = '1'

const answers = {
  '/greeting': () => ({ text: 'Good morning', language: 'en' }),
  '/time': () => ({ now: new Date().toISOString() }),
}

const answer = (path) => {
  if (path === '/') return [200, { service: 'api', version, paths }]
  if (!Object.hasOwn(answers, path)) return [404, { error: 'not found' }]
  try {
    return [200, checkAnswer(path, answers[path]())]
  } catch (error) {
    return [500, { error: error.message }]
  }
}

const server = createServer((request, response) => {
  const [status, body] = answer(request.url)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body)}\n`)
})

server.listen(process.env.PORT, '127.0.0.1', () => console.log(`api ${version} is up`))
process.once('SIGTERM', () => server.close())
