import { acquireAll } from '../../src/index.ts'

/** Takes two locks, named in the order given, so many times. */
const [, , root = '', rounds = '', ...locks] = process.argv
for (let round = 0; round < Number(rounds); round += 1) {
  const lease = await acquireAll(locks, { root })
  await lease.release()
}
