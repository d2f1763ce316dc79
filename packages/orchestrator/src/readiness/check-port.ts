import type { PortListener } from '../processes/index.ts'
import type { Attempt, CheckContext } from './readiness-check.ts'

// They listen in the name of a container, which the run's command started.
const portForwarders = new Set([
  'docker-proxy',
  'rootlessport',
  'rootlesskit',
  'slirp4netns',
  'pasta',
  'conmon',
  'gvproxy',
])

/**
 * Whether the run listens on the port. A listener counts if it is in the run's group, so that
 * neither a predecessor nor a stranger makes a run look ready; or if it forwards the port to a container,
 * or belongs to another user (as Docker's forwarder does): the port was free before the run began.
 * Where the system does not tell who listens, the group must be alive.
 */
export async function checkPort(port: number, context: CheckContext): Promise<Attempt> {
  const { table, pgid, sockets } = context
  const sight = sockets.sight()
  if (sight.kind === 'nothing-new') return sight
  // To look up who listens costs about a millisecond each time: first only whether it is the run.
  if (sight.open !== null && !sight.isDue) {
    if (!table.isListening(sight.open, port)) return { kind: 'nothing-new' }
    sockets.listens()
    return { kind: 'ready' }
  }
  if (await table.isPortFree(port)) return notYet(`nothing listens on port ${port}`)
  if (sight.open !== null && table.isListening(sight.open, port)) {
    sockets.listens()
    return { kind: 'ready' }
  }
  if (!table.knowsListeners) {
    const alive = table.groupMembers(pgid).length > 0
    return alive ? { kind: 'ready' } : notYet(`port ${port} is taken, but the run is gone`)
  }
  const listeners = await table.listeners(port)
  if (listeners.some((listener) => mayServe(listener, pgid))) return { kind: 'ready' }
  const [stranger] = listeners
  if (stranger === undefined) return notYet(`nothing listens on port ${port}`)
  const { pid, command } = stranger
  return notYet(`port ${port} is taken by process ${pid} (${command}), which is not of this run`)
}

function mayServe({ pid, pgid, command }: PortListener, group: number): boolean {
  if (pgid === group || pid === null) return true
  const program = command.split(' ', 1)[0] ?? ''
  return portForwarders.has(program.slice(program.lastIndexOf('/') + 1))
}

function notYet(detail: string): Attempt {
  return { kind: 'not-yet', detail }
}
