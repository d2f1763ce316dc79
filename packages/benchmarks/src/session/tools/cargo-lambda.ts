import type { Launch, WorkspaceSpec } from './tool.ts'

const HOST = '127.0.0.1'

/** One `cargo lambda watch` for the workspace: each function is built and run when it is invoked. */
export function prepareCargoLambda(spec: WorkspaceSpec, cargoLambda: string): readonly Launch[] {
  const options = ['--invoke-address', HOST, '--invoke-port', String(portOf(spec))]
  return [{ command: [cargoLambda, 'lambda', 'watch', ...options] }]
}

export function cargoLambdaEndpoint(spec: WorkspaceSpec): string {
  return `http://${HOST}:${portOf(spec)}`
}

function portOf({ invocationPort }: WorkspaceSpec): number {
  if (invocationPort === null) throw new Error('nobody invokes the functions of this workspace')
  return invocationPort
}
