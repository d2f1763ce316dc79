import type { FunctionHost } from './host/function-host.ts'
import type { HostedInstance } from './host/hosted-instance.ts'
import type { Instance, InstanceExit } from './instance.ts'
import { type RuntimeSurroundings, listenForRuntime } from './runtime-api/listen-for-runtime.ts'

/** Opens a Runtime API of the instance's own and makes the handle for its owner. */
export async function openInstance(
  host: FunctionHost,
  instance: HostedInstance,
  around: RuntimeSurroundings,
): Promise<Instance> {
  const { runtimeApi, env, close } = await listenForRuntime(host, () => instance, around)
  instance.release = () => {
    void close()
  }
  // The emulator may have been closed, or the instance given up, while the port was opened.
  if (host.instance(instance.id) === undefined) instance.release()
  return {
    id: instance.id,
    functionName: host.name,
    runtimeApi,
    env,
    signal: instance.signal,
    ready: instance.ready,
    held: (reason) => {
      instance.held = reason
    },
    started: () => {
      host.started(instance)
    },
    exited: (exit) => {
      void reportExit(host, instance, exit)
    },
    log: (chunk) => {
      instance.log.append(chunk)
    },
  }
}

/**
 * What a process sent before it died counts: its last answer may still lie in the socket when its
 * exit is known. Only one that is at work can have sent one; all others are gone at once.
 */
async function reportExit(
  host: FunctionHost,
  instance: HostedInstance,
  exit: InstanceExit,
): Promise<void> {
  if (host.isBusy(instance)) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    await instance.receiving
  }
  host.exited(instance, exit)
}
