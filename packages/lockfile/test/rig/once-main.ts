import { acquire } from '../../src/index.ts'

const [, , root = '.'] = process.argv
const lease = await acquire({ root, label: 'once' })
await lease.setData({ a: 1 })
// Long enough for the heartbeat to begin.
await new Promise((resolve) => setTimeout(resolve, 400))
await lease.release({ status: 'ok', exitCode: 0 })
