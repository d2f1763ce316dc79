import { writeFileSync } from 'node:fs'

import { configurationSchema } from '@singletrack/orchestrator'

// Run by the build: editors complete and check singletrack.jsonc with what is written here.
writeFileSync(
  new URL('../schema.json', import.meta.url),
  `${JSON.stringify(configurationSchema(), null, 2)}\n`,
)
