import type { Child, Spawn } from './child.ts'

/**
 * The living children of a session, to stop and to continue them all, as a shell does with a job.
 * While they stand still no other program begins: a spawn waits.
 */
export class ChildGroups {
  readonly #spawn: Spawn
  readonly #children = new Set<Child>()
  #standstill: PromiseWithResolvers<void> | null = null

  constructor(spawn: Spawn) {
    this.#spawn = spawn
  }

  /** How many children are there. */
  get size(): number {
    return this.#children.size
  }

  /** Spawns a child that stops and continues with the others. */
  readonly spawn: Spawn = async (request) => {
    await this.#standstill?.promise
    const { gate } = request
    const result = await this.#spawn({
      ...request,
      ...(gate === undefined
        ? {}
        : {
            gate: async (pid): Promise<void> => {
              await gate(pid)
              await this.#standstill?.promise
            },
          }),
    })
    if (result.kind === 'failed') return result
    const { child } = result
    this.#children.add(child)
    void child.ended.then(() => this.#children.delete(child))
    if (this.#standstill !== null) await child.signal('SIGSTOP')
    return result
  }

  /** Stops every group where it is; resolves when the signals are sent. */
  async suspend(): Promise<void> {
    this.#standstill ??= Promise.withResolvers()
    await this.#signal('SIGSTOP')
  }

  /** Lets every group go on, and what waits to be spawned begin. */
  async resume(): Promise<void> {
    this.#standstill?.resolve()
    this.#standstill = null
    await this.#signal('SIGCONT')
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    await Promise.all([...this.#children].map(async (child) => child.signal(signal)))
  }
}
