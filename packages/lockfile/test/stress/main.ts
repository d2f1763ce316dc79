import { pair } from './pair.ts'
import { race } from './race.ts'
import { stress } from './stress.ts'

/**
 * `node test/stress/main.ts [seconds]`: the long run. First two processes want the same two locks
 * ten thousand times; then sixteen race for one dead holder's baton, a thousand times; then eight
 * are killed, and stopped for up to 8 s, longer than any interval.
 */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // oxlint-disable-next-line unicorn/no-process-exit -- the exit handlers end the workers
  process.once(signal, () => process.exit(1))
}
const [, , seconds = '600'] = process.argv
const codes = await pair(5_000)
process.stdout.write(`two locks, ten thousand times: ${codes.join(' and ')}\n`)
const { rounds, decided } = await race(16, 1_000)
process.stdout.write(`sixteen want the lock of the dead: ${decided} of ${rounds} decided\n`)
const report = await stress({ seconds: Number(seconds), workers: 8, stopMsMax: 8_000 })
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
const isClean =
  decided === rounds && report.violations === 0 && report.failures === 0 && report.entries > 0
process.exitCode = isClean && codes.every((code) => code === 0) ? 0 : 1
