/**
 * A build as Cargo does them: of several in one build directory one goes on, the others say
 * `Blocking waiting for file lock` and wait. Arguments: the workspace, the function.
 *
 * The lock is a socket with an abstract name, which the system frees when its owner dies.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The work of a build, in ms of processor time. */
const WORK_MS = 100

const [, , root, name] = process.argv
const { reportTo, functions } = JSON.parse(readFileSync(join(root, 'locked-build.json'), 'utf8'))
const { port } = functions.find((one) => one.name === name)

const tell = async (kind, revision) =>
  new Promise((resolve) => {
    const socket = connect(reportTo)
    socket.on('close', resolve).on('error', () => undefined)
    socket.end(`${kind} ${name} ${revision}`)
  })

const tryToLock = async () =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null)).listen(`\0${root}`, () => resolve(server))
  })

let lock = await tryToLock()
if (lock === null) {
  process.stderr.write('    Blocking waiting for file lock on build directory\n')
  await tell('blocked', '-')
  while (lock === null) {
    await pause(5)
    lock = await tryToLock()
  }
}

const revision = readFileSync(join(root, 'shared/revision.txt'), 'utf8')
await tell('build-began', revision)
const before = process.cpuUsage()
const spent = () => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
while (spent() < WORK_MS);
writeFileSync(
  join(root, 'dist', `${name}.mjs`),
  `import { createServer } from 'node:http'
import { connect } from 'node:net'

createServer((request, response) => response.end()).listen(${port}, '127.0.0.1', () => {
  connect(${JSON.stringify(reportTo)}).on('error', () => undefined).end('ready ${name} ${revision}')
})
`,
)
await tell('build-ended', revision)
process.exit()
