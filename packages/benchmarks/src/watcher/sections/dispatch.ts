import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Demands } from '../demands.ts'
import { print, table } from '../print.ts'

/** What the program prints, a line for each layout and number of targets. */
interface DispatchCost {
  readonly layout: string
  readonly count: number
  readonly trieUs: number
  readonly naiveUs: number
}

/** Measured by a program of the package itself: what it measures is not public. */
export function printDispatch(demands: Demands): void {
  const manifest = fileURLToPath(import.meta.resolve('@singletrack/watcher/package.json'))
  const program = join(dirname(manifest), 'test/fixtures/dispatch-cost.ts')
  const lines = execFileSync(process.execPath, [program], { encoding: 'utf8' }).trim().split('\n')
  const costs = lines.map((line): DispatchCost => JSON.parse(line))
  print('\n## To find the targets of a path, in microseconds\n')
  const rows = costs.map(({ layout, count, trieUs, naiveUs }) => {
    const times = (naiveUs / trieUs).toFixed(0)
    return [layout, `${count}`, trieUs.toFixed(2), naiveUs.toFixed(2), times]
  })
  table(['layout', 'targets', 'trie', 'every compiled glob in turn', '×'], rows)
  const disjoint = (targets: number): readonly DispatchCost[] =>
    costs.filter(({ layout, count }) => layout.startsWith('disjoint') && count === targets)
  demands.times(
    'disjoint targets, 1,000 of them beside 10: µs',
    2,
    [disjoint(1_000), disjoint(10)],
    ({ trieUs }) => trieUs,
  )
  demands.most(
    'disjoint targets, 1,000 of them: trie beside every glob in turn, ×',
    0.01,
    disjoint(1_000),
    ({ trieUs, naiveUs }) => trieUs / naiveUs,
  )
}
