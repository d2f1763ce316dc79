import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Demands } from '../demands.ts'
import { measureStart } from '../measurements.ts'
import { print, table } from '../print.ts'
import { interleave, ratioOf, spreadOf } from '../spread.ts'
import { LABELS, OURS } from '../subjects.ts'
import { addFiles, makeTree } from '../trees.ts'

/** As in a real one: 60,600 files in 7,800 directories. */
const FILES_PER_PACKAGE_DIRECTORY = 8

/** To be ready where most of the tree is ignored. */
export async function printPruning(rounds: number, demands: Demands): Promise<void> {
  using tree = makeTree(5_000)
  addFiles(tree.root, 30_000, 'node_modules', FILES_PER_PACKAGE_DIRECTORY)
  writeFileSync(join(tree.root, '.gitignore'), 'node_modules\n')
  print('\n## To be ready: 5,000 files beside 30,000 in an ignored node_modules\n')
  const names = [...OURS, 'raw-chokidar'] as const
  const found = await interleave(names, rounds, (name) => measureStart(name, tree.root))
  const raw = found.get('raw-chokidar')
  const rows = names.map((name) => {
    const own = found.get(name)
    return [
      LABELS[name],
      spreadOf(own, (one) => one.readyMs).format(),
      ratioOf(own, raw, (one) => one.readyMs).format(2),
      spreadOf(own, (one) => one.cpuMs).format(),
      ratioOf(own, raw, (one) => one.cpuMs).format(2),
      spreadOf(own, (one) => one.watches).format(),
    ]
  })
  const ratio = '× chokidar 6 without ignoring'
  table(['watcher', 'ready ms', ratio, 'CPU ms', ratio, 'watches'], rows)
  for (const name of OURS) {
    const pair = [found.get(name), raw] as const
    demands.times(
      `${name}, ready beside an ignored node_modules: CPU`,
      0.25,
      pair,
      (one) => one.cpuMs,
    )
    demands.times(
      `${name}, beside an ignored node_modules: watches`,
      0.1,
      pair,
      (one) => one.watches,
    )
  }
}
