/** The longest that the event loop did not come to a timer. */
export interface Stall {
  /** By the clock, which on a loaded machine counts what other programs took. */
  readonly wallMs: number
  /** By what the thread of the event loop used of a core meanwhile. */
  readonly cpuMs: number
}

const tellsThreadsApart = Object.hasOwn(process, 'threadCpuUsage')

/** Before Node 23.9 that of all threads: garbage collection beside the event loop then counts too. */
function cpuUsage(): NodeJS.CpuUsage {
  return tellsThreadsApart ? process.threadCpuUsage() : process.cpuUsage()
}

/** Looks at the clocks each millisecond, and remembers the longest time between two looks. */
export class StallMeter {
  #timer: NodeJS.Timeout | undefined
  #lastAt = 0
  #lastCpu = cpuUsage()
  #wallMs = 0
  #cpuMs = 0

  start(): void {
    this.#look()
    this.#timer = setInterval(() => {
      const { wallMs, cpuMs } = this.#look()
      this.#wallMs = Math.max(this.#wallMs, wallMs)
      this.#cpuMs = Math.max(this.#cpuMs, cpuMs)
    }, 1)
  }

  /** Returns whether it was on. */
  stop(): boolean {
    const wasOn = this.#timer !== undefined
    clearInterval(this.#timer)
    this.#timer = undefined
    return wasOn
  }

  /** What was found so far; begins anew. */
  restart(): Stall {
    const found = { wallMs: this.#wallMs, cpuMs: this.#cpuMs }
    this.stop()
    this.#wallMs = 0
    this.#cpuMs = 0
    this.start()
    return found
  }

  #look(): Stall {
    const [now, cpu] = [performance.now(), cpuUsage()]
    const { user, system } = this.#lastCpu
    const cpuMs = (cpu.user - user + cpu.system - system) / 1_000
    const wallMs = now - this.#lastAt
    this.#lastAt = now
    this.#lastCpu = cpu
    return { wallMs, cpuMs }
  }
}
