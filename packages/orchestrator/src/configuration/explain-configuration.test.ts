import { expect, test } from 'vitest'

import { loaded, temporaryWorkspace } from '../../test/configuration/temporary-workspace.ts'
import { explainConfiguration } from './explain-configuration.ts'

test('every value in force stands on a line with where it came from', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': `{
  "presets": { "quick": { "run": { "stop": { "grace": "1s" } } } },
  "targets": {
    "api": { "extends": "quick", "run": { "command": ["node", "server.js"], "port": 3001 } },
    "web.v2": { "run": ["web"] },
  },
}`,
  })
  const { settings } = loaded(await workspace.load({ flags: { debounce: '9ms' } }))
  const shown = explainConfiguration(settings, { target: 'api' })
  expect(shown.replaceAll(/ +#/g, ' #')).toBe(
    `targets.api.cwd = "." # default
targets.api.watch = ["**"] # default
targets.api.dependsOn = [] # default
targets.api.priority = 0 # default
targets.api.start = "eager" # default
targets.api.run.stop.signal = "SIGTERM" # default
targets.api.run.stop.grace = "1s" # preset quick (singletrack.jsonc:2)
targets.api.run.restart.on = "crash" # default
targets.api.run.restart.initial = "200ms" # default
targets.api.run.restart.max = "10s" # default
targets.api.run.restart.times = 5 # default
targets.api.run.restart.within = "1m" # default
targets.api.run.debug = false # default
targets.api.run.ready.port = 3001 # default
targets.api.run.ready.timeout = "30s" # default
targets.api.run.command = ["node","server.js"] # singletrack.jsonc:4
targets.api.run.port = 3001 # singletrack.jsonc:4
targets.api.extends = ["quick"] # singletrack.jsonc:4
`,
  )
  expect(
    new Set(
      shown
        .trimEnd()
        .split('\n')
        .map((line) => line.lastIndexOf(' # ')),
    ).size,
  ).toBe(1)
  const all = explainConfiguration(settings)
  expect(all).toContain('debounce = "9ms"')
  expect(all).toMatch(/^debounce = "9ms" +# flag --debounce$/m)
  expect(explainConfiguration(settings, { target: 'web.v2' })).toMatch(
    /^targets\["web\.v2"\]\.run\.command = \["web"\] +# singletrack\.jsonc:5$/m,
  )
})
