import { type ViteUserConfig, defineConfig } from 'vitest/config'

/**
 * The test configuration that every package shares. Siblings are loaded from their source (the
 * `source` condition of their `exports`); a child process that a test spawns loads `dist`.
 * The time limit is a deadline for a loaded two-core machine, not an expectation.
 */
export const packageTests = (name: string): ViteUserConfig =>
  defineConfig({
    ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
    test: {
      name,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      reporters: ['default', 'json'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  })
