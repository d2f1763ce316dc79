/** Where a Node process waits for a debugger. */
export interface InspectorAddress {
  readonly host: string
  readonly port: number
}

/** What Node prints on stderr when its inspector listens. */
export const INSPECTOR_LINE = 'Debugger listening on ws://'

const ADDRESS = /\bws:\/\/(\[[^\]]+\]|[^\s:/]+):(\d{1,5})\//

/** The inspector that a text tells of, such as a line of output; `null` for any other text. */
export function inspectorAddress(text: string): InspectorAddress | null {
  const [, host, port] = ADDRESS.exec(text) ?? []
  if (host === undefined || port === undefined) return null
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** How the editor's JavaScript debugger attaches. */
export interface AttachConfiguration {
  readonly type: 'node'
  readonly request: 'attach'
  readonly name: string
  readonly address: string
  readonly port: number
  readonly cwd: string
  /** Which run of which target it is about, so that a successor can be followed. */
  readonly singletrackRun: { readonly target: string; readonly run: number }
  readonly skipFiles: readonly string[]
}

/** Attaches to the inspector that the process of a run has told of. */
export function attachConfiguration(options: {
  readonly target: string
  readonly run: number
  readonly cwd: string
  readonly inspector: InspectorAddress
}): AttachConfiguration {
  const { target, run, cwd, inspector } = options
  return {
    type: 'node',
    request: 'attach',
    name: `${target} (singletrack)`,
    address: inspector.host,
    port: inspector.port,
    cwd,
    singletrackRun: { target, run },
    skipFiles: ['<node_internals>/**'],
  }
}

/**
 * A launch configuration of the user with the variables of an external target. What the launch
 * configuration sets itself wins, as everywhere in the editor.
 */
export function withSessionVariables<T extends Readonly<Record<string, unknown>>>(
  configuration: T,
  session: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): T & { readonly env: Readonly<Record<string, unknown>>; readonly cwd: unknown } {
  const own = configuration['env']
  const env = typeof own === 'object' && own !== null ? own : {}
  return {
    ...configuration,
    env: { ...session.env, ...env },
    cwd: configuration['cwd'] ?? session.cwd,
  }
}
