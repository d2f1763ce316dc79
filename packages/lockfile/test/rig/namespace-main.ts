import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { acquire, inspect, tryAcquire } from '../../src/index.ts'

/** Runs inside a pid namespace: `try`, `pair` or `hold` a lock. */
const [, , what = '', root = ''] = process.argv

const describeTry = async (): Promise<string> => {
  const lease = await tryAcquire({ root })
  if (lease !== null) return 'taken'
  const { build } = await inspect({ root })
  return build.kind === 'held' ? `held by ${build.verdict.kind}` : build.kind
}

if (what === 'try') process.stdout.write(await describeTry())
if (what === 'pair') {
  const lease = await acquire({ root })
  const main = fileURLToPath(import.meta.url)
  const { stdout } = spawnSync(process.execPath, [main, 'try', root], { encoding: 'utf8' })
  process.stdout.write(stdout)
  await lease.release()
}
if (what === 'hold') {
  const lease = await acquire({ root })
  process.stdout.write('held')
  await once(process.stdin.resume(), 'end')
  await lease.release()
}
