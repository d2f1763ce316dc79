import { attachingTests } from './attaching.ts'
import { buildingTests } from './building.ts'
import { debuggingTests } from './debugging.ts'
import { editingTests } from './editing.ts'
import type { HostTest } from './host-test.ts'
import { loopingTests } from './looping.ts'
import { matchingTests } from './matching.ts'
import { severalFoldersTests } from './several-folders.ts'
import { startingTests } from './starting.ts'

/**
 * The tests of each window, in this order: they share the window, and each group leaves it as it
 * found it.
 */
export const suites: Readonly<Record<string, readonly HostTest[]>> = {
  'one-folder': [
    ...editingTests,
    ...attachingTests,
    ...buildingTests,
    ...matchingTests,
    ...debuggingTests,
    ...loopingTests,
    ...startingTests,
  ],
  'several-folders': severalFoldersTests,
}
