/** What the source of a function needs to say where it listens and to whom it reports. */
export interface ProgramOptions {
  readonly name: string
  readonly port: number
  /** The socket of the reporter. */
  readonly reportTo: string
}

/** A server that tells when it listens, as one file that runs as it is. */
export function serverProgram(options: ProgramOptions, revision: string): string {
  return `const revision = ${JSON.stringify(revision)}\n${server(options)}`
}

/** The same server as a module that takes its revision from the file beside it, to be bundled. */
export function bundledProgram(options: ProgramOptions): string {
  return `import { revision } from './revision.ts'\n${server(options)}`
}

export function revisionModule(revision: string): string {
  return `export const revision: string = ${JSON.stringify(revision)}\n`
}

function server({ name, port, reportTo }: ProgramOptions): string {
  return `import { createServer } from 'node:http'
import { connect } from 'node:net'

createServer((request, response) => response.end(revision)).listen(${port}, '127.0.0.1', () => {
  connect(${JSON.stringify(reportTo)})
    .on('error', () => undefined)
    .end('ready ${name} ' + revision)
})
`
}
