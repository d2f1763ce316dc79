import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

interface Result {
  readonly title: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly ms: number
  readonly problem?: string
}

/**
 * Collects what came of the tests, prints each as it ends, and writes the sum in the words of
 * vitest's JSON reports, so that one script adds up all of them.
 */
export class Report {
  readonly #results: Result[] = []

  add(result: Result): void {
    this.#results.push(result)
    const mark = { passed: '✓', failed: '✗', skipped: '↓' }[result.status]
    process.stdout.write(`${mark} ${result.title} (${Math.round(result.ms)} ms)\n`)
    if (result.problem !== undefined) process.stdout.write(`${result.problem}\n`)
  }

  /** Runs one test; a failure is recorded and stops nothing. */
  async test(title: string, run: () => Promise<void>): Promise<boolean> {
    const began = performance.now()
    try {
      await run()
      this.add({ title, status: 'passed', ms: performance.now() - began })
      return true
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.add({ title, status: 'failed', ms: performance.now() - began, problem })
      return false
    }
  }

  get failed(): number {
    return this.#count('failed')
  }

  /** Writes the summary and prints the closing line. */
  finish(file: string): void {
    mkdirSync(path.dirname(file), { recursive: true })
    const summary = {
      numPassedTests: this.#count('passed'),
      numFailedTests: this.failed,
      numPendingTests: this.#count('skipped'),
      testResults: [
        {
          name: 'test/e2e',
          status: this.failed === 0 ? 'passed' : 'failed',
          assertionResults: this.#results.map(({ title, status, problem }) => ({
            fullName: title,
            status,
            failureMessages: problem === undefined ? [] : [problem],
          })),
        },
      ],
    }
    writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`)
    process.stdout.write(
      `${summary.numPassedTests} passed, ${summary.numFailedTests} failed, ${summary.numPendingTests} skipped\n`,
    )
  }

  #count(status: Result['status']): number {
    return this.#results.filter((result) => result.status === status).length
  }
}
