import { createServer } from 'node:http'

import { checkAnswer } from '../../../packages/contracts/index.js'

const version = '1'

const page = async () => {
  const response = await fetch(new URL('/greeting', process.env.API_URL))
  const { text } = checkAnswer('/greeting', await response.json())
  return `${text} from web ${version}\n`
}

const server = createServer(async (request, response) => {
  try {
    response.end(await page())
  } catch (error) {
    response.statusCode = 502
    response.end(`no greeting: ${error.message}\n`)
  }
})

server.listen(process.env.PORT, '127.0.0.1', () => console.log(`web ${version} is up`))
process.once('SIGTERM', () => server.close())
