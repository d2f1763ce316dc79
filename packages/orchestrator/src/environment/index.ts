export { type ChildEnvironmentOptions, JOB_MARK, childEnvironment } from './child-environment.ts'
