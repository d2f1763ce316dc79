// Writes generated/paths.js from contracts.json. Equal input gives equal bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const here = (path) => new URL(path, import.meta.url)

const contracts = Object.entries(JSON.parse(readFileSync(here('contracts.json'), 'utf8')))
  .filter(([path]) => path.startsWith('/'))
  .toSorted(([a], [b]) => (a < b ? -1 : 1))

mkdirSync(here('generated'), { recursive: true })
writeFileSync(
  here('generated/paths.js'),
  `// Written by codegen.js from contracts.json; edit that one.
export const fieldsByPath = ${JSON.stringify(Object.fromEntries(contracts), null, 2)}
`,
)
console.log(`generated ${contracts.length} contracts`)
