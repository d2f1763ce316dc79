export { buildDependencies, withDependencies } from './build-dependencies.ts'
export { changeReceivers, type Dependent, directDependents, stopWaves } from './dependents.ts'
