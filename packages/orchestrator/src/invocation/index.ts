export { dependencyFailure } from './dependency-failure.ts'
export { FunctionController } from './function-controller.ts'
export { FunctionEndpoint } from './function-endpoint.ts'
export { type StartVerdict, startVerdict } from './start-verdict.ts'
