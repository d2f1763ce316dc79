import { attachingTests } from './attaching.ts'
import { buildingTests } from './building.ts'
import { debuggingTests } from './debugging.ts'
import { editingTests } from './editing.ts'
import type { HostTest } from './host-test.ts'
import { loopingTests } from './looping.ts'
import { matchingTests } from './matching.ts'
import { startingTests } from './starting.ts'

/** In this order: the tests share one window, and each group leaves it as it found it. */
export const tests: readonly HostTest[] = [
  ...editingTests,
  ...attachingTests,
  ...buildingTests,
  ...matchingTests,
  ...debuggingTests,
  ...loopingTests,
  ...startingTests,
]
