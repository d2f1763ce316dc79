import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { LambdaClient } from '@aws-sdk/client-lambda'

import {
  type EmulatorOptions,
  type Instance,
  type LambdaEmulator,
  type LambdaEvent,
  type StartRequest,
  createLambdaEmulator,
} from '../src/index.ts'

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url))

/** An emulator that listens, everything it told, and an unmodified AWS client for it. */
export interface Rig extends AsyncDisposable {
  readonly emulator: LambdaEmulator
  readonly url: string
  readonly client: LambdaClient
  readonly events: readonly LambdaEvent[]
  /** What `onInvoke` was asked, in order. */
  readonly starts: readonly StartRequest[]
  /** The processes that were spawned. */
  readonly children: readonly ChildProcess[]
  /** Waits until an event of that type (and more) has been told, however long ago. */
  told<Type extends LambdaEvent['type']>(
    type: Type,
    matches?: (event: Extract<LambdaEvent, { type: Type }>) => boolean,
  ): Promise<Extract<LambdaEvent, { type: Type }>>
  /** Waits until `onInvoke` has been called that many times; the last of these calls. */
  started(count: number): Promise<StartRequest>
}

/** What `onInvoke` does in a test: spawn a fixture, or nothing (the test plays the runtime). */
export type Starter = (request: StartRequest, children: ChildProcess[]) => void | Promise<void>

export async function startRig(options: EmulatorOptions = {}, starter?: Starter): Promise<Rig> {
  const events: LambdaEvent[] = []
  const starts: StartRequest[] = []
  const children: ChildProcess[] = []
  const watchers = new Set<() => void>()
  const notify = (): void => {
    for (const watcher of watchers) watcher()
  }
  const emulator = createLambdaEmulator({
    port: 0,
    onInvoke: async (request) => {
      starts.push(request)
      notify()
      await starter?.(request, children)
    },
    onEvent: (event) => {
      events.push(event)
      notify()
    },
    ...options,
  })
  const url = await emulator.listen()
  const client = new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  })
  const until = <Value>(find: () => Value | undefined): Promise<Value> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) return
        watchers.delete(look)
        resolve(found)
      }
      watchers.add(look)
      look()
    })
  return {
    emulator,
    url,
    client,
    events,
    starts,
    children,
    told: (type, matches = () => true) => {
      type Told = Extract<LambdaEvent, { type: typeof type }>
      const isIt = (event: LambdaEvent): event is Told => event.type === type
      return until(() => events.filter(isIt).find(matches))
    },
    started: (count) => until(() => starts[count - 1]),
    [Symbol.asyncDispose]: async () => {
      client.destroy()
      await emulator.close()
      await Promise.all(children.map(end))
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Runs the fixture function of that name with the small runtime client, as a process of its own. */
export const spawnFixture: Starter = ({ functionName, instance }, children) => {
  children.push(spawnRuntime(instance, fixtures, [`${fixtures}runtime.mjs`], functionName))
}

/** Spawns a Node runtime client that loads `functions.NAME` from a folder, and reports on it. */
export function spawnRuntime(
  instance: Instance,
  folder: string,
  command: readonly string[],
  functionName: string,
): ChildProcess {
  const handler = `functions.${functionName}`
  const child = spawn(process.execPath, [...command, handler], {
    env: { ...process.env, ...instance.env, LAMBDA_TASK_ROOT: folder, _HANDLER: handler },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  superviseInstance(instance, child)
  return child
}

/** The whole duty of an instance's owner. */
export function superviseInstance(instance: Instance, child: ChildProcess): void {
  instance.started()
  child.stdout?.on('data', (chunk: Buffer) => {
    instance.log(chunk)
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    instance.log(chunk)
  })
  instance.signal.addEventListener('abort', () => {
    child.kill('SIGKILL')
  })
  child.once('exit', (code, signal) => {
    instance.exited(
      signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal },
    )
  })
}
