import type { PlainValue } from '../document/setting-node.ts'

/**
 * A program for Node without a build: the `main` of the package in `cwd`, or its `index.js`. Says
 * what a change to it is, so that notes and pictures beside it restart nothing.
 */
export const nodePreset: Readonly<Record<string, PlainValue>> = {
  watch: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,json}', '!**/node_modules/**'],
  run: { command: ['node', '.'] },
}
