import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

/** A watcher that is a program of its own, heard through a pipe. */
export interface External {
  /** The process that watches. */
  readonly pid: number
  /** A directory that it leaves behind. */
  readonly place?: string
}

/** Rather an error than a benchmark that hangs. */
const ANSWER_MS = 120_000

/** `inotifywait -mr`: the kernel's events as lines, and nothing more. */
export async function startInotifywait(
  root: string,
  tell: (path: string) => void,
): Promise<External> {
  const child = spawn('inotifywait', ['-m', '-r', '--format', '%w%f', root], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  createInterface({ input: child.stdout }).on('line', (line) => tell(relative(root, line)))
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('Watches established')) break
  }
  return { pid: pidOf(child.pid) }
}

/** A watchman of our own, with a socket of its own, and a subscription to it. */
export async function startWatchman(root: string, tell: (path: string) => void): Promise<External> {
  const place = mkdtempSync(join(tmpdir(), 'watcher-benchmark-watchman-'))
  const own = (name: string): string => join(place, name)
  const at = ['-U', own('sock'), '-o', own('log'), '--statefile', own('state')]
  const files = [...at, `--pidfile=${own('pid')}`]
  const daemon = spawn('watchman', ['--foreground', ...files], { stdio: 'ignore' })
  for (let tries = 0; tries < 1_000 && !existsSync(own('sock')); tries += 1) await pause(10)
  const client = spawn('watchman', [...files, '--no-spawn', '-j', '-p', '--no-pretty'], {
    stdio: 'pipe',
  })
  // Of its daemon's end by force it complains too, and nobody needs to know.
  let complaint = 'no answer'
  createInterface({ input: client.stderr }).on('line', (line) => {
    complaint = line
  })
  const first = Promise.withResolvers<void>()
  let isReady = false
  createInterface({ input: client.stdout }).on('line', (line) => {
    const message: {
      readonly files?: readonly string[]
      readonly is_fresh_instance?: boolean
      readonly error?: string
    } = JSON.parse(line)
    if (message.error !== undefined) first.reject(new Error(`watchman: ${message.error}`))
    if (message.files === undefined) return
    first.resolve()
    // The first one, and what follows a recrawl: everything that exists.
    if (message.is_fresh_instance === true && !isReady) return
    for (const name of message.files) tell(name)
  })
  await askWatchman(at, ['watch', root])
  client.stdin.write(`${JSON.stringify(['subscribe', root, 'all', { fields: ['name'] }])}\n`)
  const fail = (): void => first.reject(new Error(`watchman: ${complaint}`))
  client.once('exit', fail)
  const deadline = setTimeout(fail, ANSWER_MS)
  await first.promise
  clearTimeout(deadline)
  isReady = true
  return { pid: pidOf(daemon.pid), place }
}

function askWatchman(at: readonly string[], command: readonly string[]): Promise<void> {
  const child = spawn('watchman', [...at, '--no-spawn', ...command], { stdio: 'ignore' })
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
  })
}

/** CPU time of all threads of a process, in milliseconds. */
export function cpuMsOf(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(ran)
  }
  return nanoseconds / 1e6
}

/** Resident memory of a process, in MB. */
export function rssMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(?<size>\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(kilobytes?.groups?.['size']) / 1024
}

function pidOf(pid: number | undefined): number {
  if (pid === undefined) throw new Error('it did not start')
  return pid
}
