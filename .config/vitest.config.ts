import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vitest/config'

/** All packages in one run, for coverage and for `vitest` in the editor. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    projects: ['packages/*', 'apps/*'],
    coverage: {
      provider: 'v8',
      include: ['{packages,apps}/*/src/**'],
      reporter: ['text', 'json-summary'],
    },
  },
})
