import type { AcquireLocks } from './build-queue.ts'

/** An outside lock that this session holds. */
export interface HeldLock {
  readonly lock: string
  /** For what, in words: `building orders`. */
  readonly purpose: string
}

/** The outside locks of the builds that are under way. */
export class HeldLocks {
  readonly #held = new Set<readonly HeldLock[]>()

  /** Takes locks as `acquire` does, and knows them until they are let go. */
  recording(acquire: AcquireLocks): AcquireLocks {
    return async (members, signal, onWait) => {
      const lease = await acquire(members, signal, onWait)
      const purpose = `building ${members.map(({ name }) => name).join(', ')}`
      const locks = lease.locks.map((lock) => ({ lock, purpose }))
      this.#held.add(locks)
      const forget = (): void => void this.#held.delete(locks)
      return {
        ...lease,
        release: async (outcome) => {
          await lease.release(outcome)
          forget()
        },
        [Symbol.asyncDispose]: async () => {
          await lease[Symbol.asyncDispose]()
          forget()
        },
      }
    }
  }

  list(): readonly HeldLock[] {
    return [...this.#held].flat()
  }
}
