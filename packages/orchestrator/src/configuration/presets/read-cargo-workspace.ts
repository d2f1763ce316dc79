import {
  type CargoMetadata,
  type CargoWorkspace,
  cargoWorkspace,
  parseCargoMetadata,
  unknownSources,
} from './cargo-metadata.ts'
import type { CommandRunner } from './command-runner.ts'
import { type Fault, isFault } from './fault.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Path dependencies outside of the workspace may lead on; nobody has so many. */
const maxOutsideWorkspaces = 50

/** Asks Cargo about the workspace that a directory belongs to. Builds and downloads nothing. */
export async function readCargoWorkspace(
  directory: string,
  run: CommandRunner,
  environment: Environment,
): Promise<CargoWorkspace | Fault> {
  const own = await readMetadata(directory, run, environment)
  if (isFault(own)) return own
  const others: CargoMetadata[] = []
  const asked = new Set<string>()
  for (;;) {
    const next = unknownSources([own, ...others]).find((each) => !asked.has(each))
    if (next === undefined || asked.size === maxOutsideWorkspaces) break
    asked.add(next)
    // What the next one leads to is known only when it has answered.
    // oxlint-disable-next-line no-await-in-loop
    const other = await readMetadata(next, run, environment)
    // The build itself will say what is wrong there; its sources are watched all the same.
    if (!isFault(other)) others.push(other)
  }
  return cargoWorkspace(own, others)
}

async function readMetadata(
  directory: string,
  run: CommandRunner,
  environment: Environment,
): Promise<CargoMetadata | Fault> {
  const argv = ['cargo', 'metadata', '--no-deps', '--format-version', '1'] as const
  const output = await run(argv, { cwd: directory, environment })
  switch (output.kind) {
    case 'not-found':
      return {
        kind: 'fault',
        message: 'cargo is not installed, or not in PATH',
        remedy: 'install it from https://rustup.rs, or write "watch", "build" and "run" yourself',
      }
    case 'failed':
      return { kind: 'fault', message: `cargo metadata failed: ${output.message}`, remedy: null }
    case 'exited':
      if (output.code === 0) return parseCargoMetadata(output.stdout)
      return {
        kind: 'fault',
        message: `cargo metadata failed: ${firstError(output.stderr)}`,
        remedy: 'run it yourself to see more',
      }
  }
}

function firstError(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const line = lines.find((each) => each.startsWith('error')) ?? lines.find((each) => each !== '')
  return line?.replace(/^error:\s*/, '') ?? 'it said nothing'
}
