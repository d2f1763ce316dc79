import { writeFileSync } from 'node:fs'

import { configurationSchema } from '@singletrack/orchestrator/configuration'

import { outputSchema } from './documents/output-schema.ts'

// Run by the build. Editors complete and check singletrack.jsonc with the one, scripts and other
// programs read what --json prints with the other.
for (const [name, schema] of [
  ['schema.json', configurationSchema()],
  ['output.schema.json', outputSchema()],
] as const)
  writeFileSync(new URL(`../${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`)
