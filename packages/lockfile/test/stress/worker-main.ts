import { DatabaseSync } from 'node:sqlite'

import { acquire, acquireAll } from '../../src/index.ts'

/**
 * Takes the lock again and again. Inside, it takes a lock of the kernel's that knows nothing of the
 * protocol (an exclusive transaction, which the kernel frees at the process's death): if that is
 * busy, somebody else is inside as well.
 */
const [, , root = '', database = ''] = process.argv
const oracle = new DatabaseSync(database)
oracle.exec('PRAGMA busy_timeout = 0')

const rest = async (ms: number): Promise<void> => {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}

process.on('disconnect', () => {
  // oxlint-disable-next-line unicorn/no-process-exit -- the run is over
  process.exit(0)
})

process.send?.('ready')
for (;;) {
  const both = Math.random() < 0.2
  const lease = both ? await acquireAll(['build', 'other'], { root }) : await acquire({ root })
  let isAlone = true
  try {
    oracle.exec('BEGIN EXCLUSIVE')
  } catch {
    isAlone = false
  }
  await rest(Math.random() < 0.02 ? 300 : Math.random() * 3)
  if (isAlone) oracle.exec('ROLLBACK')
  await lease.release({ status: 'ok', exitCode: 0 })
  process.send?.({ isAlone, takenOver: lease.takenOver !== undefined })
  await rest(Math.random() * 2)
}
