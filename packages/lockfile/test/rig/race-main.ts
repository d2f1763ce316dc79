import { type Lease, tryAcquire } from '../../src/index.ts'

/** Tries the lock once at every `go`, says what came of it, and frees it at `release`. */
const [, , root = ''] = process.argv
let lease: Lease | null = null

process.on('message', (word: 'go' | 'release') => {
  const obey = async (): Promise<void> => {
    if (word === 'go') {
      lease = await tryAcquire({ root, heartbeat: 'main' })
      process.send?.({ won: lease?.nonce ?? null, tookOver: lease?.takenOver !== undefined })
      return
    }
    await lease?.release({ status: 'ok', exitCode: 0 })
    process.send?.({ won: null, tookOver: false })
  }
  obey().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    // oxlint-disable-next-line unicorn/no-process-exit -- the race is lost for good
    process.exit(1)
  })
})
process.send?.({ won: null, tookOver: false })
