import { LambdaError } from './errors.ts'
import {
  type FunctionOptions,
  assertFunctionName,
  resolveFunctionOptions,
} from './function-options.ts'
import { FunctionHost, type HostSurroundings } from './host/function-host.ts'

/** How many functions come into being by being invoked, where none were named. */
const unnamedFunctionLimit = 1000

/** How many names an error message lists. */
const listedNames = 20

/** The functions of one emulator by name. */
export class FunctionRegistry {
  readonly #around: HostSurroundings
  /** Whether a name that was never registered is a function too. */
  readonly #anyName: boolean
  readonly #hosts = new Map<string, FunctionHost>()

  constructor(around: HostSurroundings, anyName: boolean) {
    this.#around = around
    this.#anyName = anyName
  }

  all(): readonly FunctionHost[] {
    return [...this.#hosts.values()]
  }

  /** @throws LambdaError if the name is taken or unfit, or an option is out of range */
  add(functionName: string, options: FunctionOptions): FunctionHost {
    assertFunctionName(functionName)
    if (this.#hosts.has(functionName)) {
      throw new LambdaError(
        'LAMBDA_INVALID_NAME',
        `function ${functionName} is registered already; unregister() it first`,
      )
    }
    const settings = resolveFunctionOptions(functionName, options)
    const host = new FunctionHost(functionName, settings, this.#around)
    this.#hosts.set(functionName, host)
    return host
  }

  /** @throws LambdaError if there is no such function or an option is out of range */
  configure(functionName: string, options: FunctionOptions): void {
    const host = this.get(functionName)
    host.configure(resolveFunctionOptions(functionName, options))
  }

  /** @throws LambdaError `LAMBDA_UNKNOWN_FUNCTION` */
  remove(functionName: string): void {
    const host = this.get(functionName)
    this.#hosts.delete(functionName)
    host.close()
  }

  /** Removes all, and accepts no name any more. */
  close(): void {
    const hosts = this.all()
    this.#hosts.clear()
    for (const host of hosts) host.close()
  }

  /** @throws LambdaError `LAMBDA_UNKNOWN_FUNCTION` */
  get(functionName: string): FunctionHost {
    const host = this.#hosts.get(functionName)
    if (host !== undefined) return host
    throw new LambdaError('LAMBDA_UNKNOWN_FUNCTION', this.describeMissing(functionName))
  }

  known(functionName: string): FunctionHost | undefined {
    return this.#hosts.get(functionName)
  }

  /** The function that a caller means; where any name is one, it is added. */
  find(functionName: string): FunctionHost | undefined {
    const host = this.#hosts.get(functionName)
    if (host !== undefined || !this.#anyName) return host
    if (this.#hosts.size >= unnamedFunctionLimit) return undefined
    try {
      return this.add(functionName, {})
    } catch {
      // Not a name that a function can have; the caller is told that there is none.
      return undefined
    }
  }

  /** What to say of a name that is not there. */
  describeMissing(functionName: string): string {
    const known = [...this.#hosts.keys()]
    if (known.length === 0) {
      return `Function not found: ${functionName}; no function is registered`
    }
    const more = known.length > listedNames ? ` and ${known.length - listedNames} more` : ''
    return `Function not found: ${functionName}; there are ${known.slice(0, listedNames).join(', ')}${more}`
  }
}
