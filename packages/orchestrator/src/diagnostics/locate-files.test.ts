import { expect, test } from 'vitest'

import type { Diagnostic } from './diagnostic.ts'
import { locateFiles } from './locate-files.ts'

function locate(file: string | null, existing: readonly string[]): string | null | undefined {
  const diagnostic: Diagnostic = {
    severity: 'error',
    message: 'm',
    file,
    line: 1,
    column: 1,
    code: null,
    source: 'rustc',
  }
  const exists = (path: string): boolean => existing.includes(path)
  return locateFiles([diagnostic], ['/x/services/api', '/x'], exists)[0]?.file
}

test.for([
  [
    'where the tool ran',
    'src/a.rs',
    ['/x/services/api/src/a.rs', '/x/src/a.rs'],
    '/x/services/api/src/a.rs',
  ],
  [
    'at the root of the workspace',
    'services/api/src/a.rs',
    ['/x/services/api/src/a.rs'],
    '/x/services/api/src/a.rs',
  ],
  ['nowhere', 'src/gone.rs', [], 'src/gone.rs'],
  ['at its absolute path', '/y/a.rs', [], '/y/a.rs'],
  ['at no file', null, [], null],
] as const)('a diagnostic is %s', ([, file, existing, expected]) => {
  expect(locate(file, existing)).toBe(expected)
})
