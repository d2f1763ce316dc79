export {
  type ChildEnvironmentOptions,
  HELD_MARK,
  JOB_MARK,
  childEnvironment,
} from './child-environment.ts'
