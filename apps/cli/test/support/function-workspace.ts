import { Workspace } from './workspace.ts'

/** How a function of such a workspace differs from the rest. */
export interface FunctionDefinition {
  readonly invocation?: Readonly<Record<string, unknown>>
  readonly [setting: string]: unknown
}

/**
 * A workspace of functions that speak the Runtime API with nothing but `node:http`. Their build
 * copies the source into `dist/`, refuses to run beside another build there, and fails when the
 * source says so; one whose file `hold-NAME` is there goes on when it is gone. What a function does
 * is in the event: `sleepUntil` (a file), `crash`, `fail`, `print` (a line), `stream` (chunks; the
 * file `gate` goes before the last).
 */
export function functionWorkspace(
  functions: Readonly<Record<string, FunctionDefinition>>,
  top: Readonly<Record<string, unknown>> = {},
): Workspace {
  const targets = Object.fromEntries(
    Object.entries(functions).map(([name, definition]) => [
      name,
      {
        watch: [`src/${name}.mjs`],
        start: 'on-invoke',
        build: {
          command: ['node', 'build.mjs', name],
          uses: ['dist'],
          outputs: [`dist/${name}.mjs`],
        },
        run: { command: ['node', `dist/${name}.mjs`] },
        ...definition,
      },
    ]),
  )
  const sources = Object.fromEntries(
    Object.keys(functions).map((name) => [`src/${name}.mjs`, source(name)]),
  )
  return Workspace.of({
    'singletrack.jsonc': JSON.stringify(
      { resources: { dist: { capacity: 1, at: 'dist' } }, ...top, targets },
      null,
      2,
    ),
    'build.mjs': BUILD,
    'runtime.mjs': RUNTIME,
    ...sources,
  })
}

const source = (name: string): string => `import { serve } from '../runtime.mjs'
const version = '1'
const memory = process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE
await serve((event) => ({ function: '${name}', version, pid: process.pid, memory, event }))
`

const BUILD = `import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
const [, , name] = process.argv
mkdirSync('dist', { recursive: true })
// Exclusive creation: a second build at the same time fails and says so.
writeFileSync('dist/.busy', name, { flag: 'wx' })
try {
  await sleep(Number(process.env.BUILD_MS ?? 0))
  while (existsSync(\`hold-\${name}\`)) await sleep(10)
  const text = readFileSync(\`src/\${name}.mjs\`, 'utf8')
  if (text.includes('SYNTAX ERROR')) {
    console.error(\`src/\${name}.mjs: SYNTAX ERROR\`)
    process.exitCode = 1
  } else {
    copyFileSync(\`src/\${name}.mjs\`, \`dist/\${name}.mjs\`)
  }
} finally {
  rmSync('dist/.busy', { force: true })
}
`

const RUNTIME = `import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')

const call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path: '/2018-06-01/runtime' + path }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ headers: response.headers, text })
    })
    sent.on('error', reject)
    sent.end(body)
  })

const stream = (id, { stream: chunks, gate }) =>
  new Promise((resolve, reject) => {
    const headers = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' }
    const path = '/2018-06-01/runtime/invocation/' + id + '/response'
    const sent = request({ hostname, port, method: 'POST', path, headers }, (response) => response.resume().on('end', resolve))
    sent.on('error', reject)
    const write = async () => {
      for (const [index, chunk] of chunks.entries()) {
        while (gate && index === chunks.length - 1 && !existsSync(gate)) await sleep(10)
        sent.write(chunk)
      }
      sent.end()
    }
    write().catch(reject)
  })

export async function initFailed(errorType, errorMessage) {
  await call('POST', '/init/error', JSON.stringify({ errorType, errorMessage }))
  process.exit(1)
}

export async function serve(handler) {
  for (;;) {
    const { headers, text } = await call('GET', '/invocation/next')
    const id = headers['lambda-runtime-aws-request-id']
    const event = JSON.parse(text)
    if (event.crash) process.exit(3)
    if (event.print) console.log(event.print)
    if (event.stream) {
      await stream(id, event)
      continue
    }
    while (event.sleepUntil && !existsSync(event.sleepUntil)) await sleep(10)
    if (event.fail) {
      await call('POST', \`/invocation/\${id}/error\`, JSON.stringify({ errorType: 'Oops', errorMessage: event.fail }))
    } else {
      await call('POST', \`/invocation/\${id}/response\`, JSON.stringify(await handler(event)))
    }
  }
}
`
