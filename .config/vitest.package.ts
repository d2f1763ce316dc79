import { type ViteUserConfig, defineConfig } from 'vitest/config'

/**
 * The test configuration that every package shares. Siblings are loaded from their source (the
 * `source` condition of their `exports`); a child process that a test spawns loads `dist`.
 * The time limit is a deadline for a loaded two-core machine, not an expectation.
 */
export const packageTests = (name: string, limitMs: number = 60_000): ViteUserConfig =>
  defineConfig({
    ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
    test: {
      name,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      reporters: ['default', 'json'],
      testTimeout: limitMs,
      hookTimeout: limitMs,
    },
  })
