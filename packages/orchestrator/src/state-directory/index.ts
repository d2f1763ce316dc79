export { STATE_DIRECTORY, stateDirectory } from './state-directory.ts'
