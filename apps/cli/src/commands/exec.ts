import { JOB_VARIABLE, type Lease, acquireAll } from '@singletrack/lockfile'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodeOfSignal, exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { documentLine } from '../output/document-line.ts'
import type { ExecArguments } from './exec.command.ts'
import { type PassedThrough, ForegroundCommand } from './foreground-command.ts'
import { type Place, placesFor } from './known-locks.ts'

/**
 * Runs a command while holding locks. Resolves with the exit code of the command.
 *
 * @throws {Failure} with 125 for what fails on our side before the command began.
 */
export async function exec(args: GlobalArguments & ExecArguments): Promise<number> {
  const [program, ...rest] = args['--'] ?? []
  if (program === undefined) {
    throw new Failure(
      'USAGE',
      'say which command to run, behind "--", as in "singletrack exec -- cargo test"',
      { exitCode: exitCodes.ownFailure },
    )
  }
  const places = await placesFor(args, args.uses).catch((error: unknown) => {
    throw asOurs(error)
  })
  using command = new ForegroundCommand([program, ...rest])
  const waitingSince = performance.now()
  const lease = await take(places, command, [program, ...rest])
  if (lease === null) return exitCodeOfSignal(command.interruptedBy ?? 'SIGINT')
  const waitedMs = Math.round(performance.now() - waitingSince)
  await using held = lease
  held.signal.addEventListener('abort', () => notice(`lost the lock: ${reasonOf(held.signal)}`), {
    once: true,
  })
  const end = await command.run({
    env: environmentOf(held),
    nested: held.nested,
    // With --json stdout is ours alone; what the command prints goes to people.
    stdout: args.json ? 'stderr' : 'stdout',
    onGroup: (group) => void held.setBuildGroup(group),
  })
  await release(held, end)
  return report(args, end, { program, waitedMs, locks: held.locks })
}

/** Inside a build the outer mark stays, by which the outer group is recognized. */
function environmentOf(lease: Lease): NodeJS.ProcessEnv {
  const job = lease.nested ? process.env[JOB_VARIABLE] : undefined
  return {
    ...process.env,
    ...lease.env(),
    ...(job === undefined ? {} : { [JOB_VARIABLE]: job }),
  }
}

/** Waits for the locks, saying for whom; `null` when a signal ended the wait. */
async function take(
  places: readonly Place[],
  command: ForegroundCommand,
  argv: readonly string[],
): Promise<Lease | null> {
  try {
    return await acquireAll(places, {
      label: 'singletrack exec',
      purpose: `running ${argv.join(' ').slice(0, 100)}`,
      signal: command.interrupted,
      onWait: ({ message }) => notice(message),
    })
  } catch (error) {
    if (command.interrupted.aborted) return null
    throw asOurs(error)
  }
}

async function release(lease: Lease, end: PassedThrough): Promise<void> {
  const outcome = (): Parameters<Lease['release']>[0] => {
    switch (end.kind) {
      case 'code':
        return { status: end.code === 0 ? 'ok' : 'failed', exitCode: end.code }
      case 'signal':
        return { status: 'failed', signal: end.signal }
      case 'spawn-failed':
        return { status: 'aborted' }
    }
  }
  await lease.release(outcome()).catch((error: unknown) => {
    // It had been lost before, which was said then; the command has done its work all the same.
    if (!lease.signal.aborted) throw asOurs(error)
  })
}

function report(
  args: GlobalArguments,
  end: PassedThrough,
  facts: { readonly program: string; readonly locks: readonly string[]; readonly waitedMs: number },
): number {
  if (end.kind === 'spawn-failed') {
    const notFound = end.code === 'ENOENT'
    throw new Failure(
      notFound ? 'COMMAND_NOT_FOUND' : 'COMMAND_NOT_EXECUTABLE',
      `cannot run ${facts.program}: ${whyNotSpawned(facts.program, end)}`,
      { exitCode: notFound ? exitCodes.notFound : exitCodes.notExecutable, details: facts },
    )
  }
  const exitCode = end.kind === 'code' ? end.code : exitCodeOfSignal(end.signal)
  if (args.json) process.stdout.write(documentLine({ type: 'exec', exitCode, end, ...facts }))
  return exitCode
}

function whyNotSpawned(
  program: string,
  { code, message }: PassedThrough & { readonly kind: 'spawn-failed' },
): string {
  switch (code) {
    case 'ENOENT':
      return program.includes('/')
        ? 'it, or the program that its first line names, does not exist'
        : 'there is no such program on PATH'
    case 'EACCES':
      return `it may not be executed; try chmod +x ${program}`
    default:
      return message
  }
}

function asOurs(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : 'INTERNAL'
  return new Failure(code, error.message, {
    exitCode: exitCodes.ownFailure,
    details: error instanceof Failure ? error.details : {},
  })
}

const notice = (text: string): void => void process.stderr.write(`singletrack: ${text}\n`)

const reasonOf = ({ reason }: AbortSignal): string =>
  reason instanceof Error ? reason.message : String(reason)
