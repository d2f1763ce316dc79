export { phaseOf } from './phase.ts'
export { type Settlement, settlementOf } from './settled.ts'
export { describeEnd, describeRevival } from './describe-end.ts'
export type {
  BuildState,
  End,
  FunctionState,
  Hold,
  Phase,
  RunState,
  StopReason,
  TargetState,
} from './target-state.ts'
