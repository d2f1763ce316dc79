import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

function read(name: string): object {
  const value: unknown = JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
  return typeof value === 'object' && value !== null ? value : {}
}

const manifest = JSON.stringify(read('package.json'))
const source = readFileSync(
  new URL('adapters/commands/register-commands.ts', import.meta.url),
  'utf8',
)

test('every text of the manifest that is to be translated has a translation, and no more', () => {
  const named = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key)
  expect(new Set(Object.keys(read('package.nls.json')))).toEqual(new Set(named))
})

test('the extension runs where files and processes are, and says what it does untrusted', () => {
  expect(read('package.json')).toMatchObject({
    extensionKind: ['workspace'],
    capabilities: {
      untrustedWorkspaces: { supported: 'limited' },
      virtualWorkspaces: { supported: false },
    },
  })
})

test('every setting that names a program is withheld in Restricted Mode', () => {
  expect(read('package.json')).toMatchObject({
    capabilities: {
      untrustedWorkspaces: {
        restrictedConfigurations: expect.arrayContaining([
          'singletrack.command',
          'singletrack.node',
          'singletrack.session',
          'singletrack.autoStart',
        ]) as unknown,
      },
    },
  })
})

test('every command of the manifest is registered', () => {
  const contributed = manifest.matchAll(/"command":"singletrack\.(\w+)","category"/g)
  const names = [...contributed].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) expect(source).toContain(`'${name}'`)
})

test('everything that is shipped is bundled, since the package has no dependencies', () => {
  expect(read('package.json')).not.toHaveProperty('dependencies')
})
