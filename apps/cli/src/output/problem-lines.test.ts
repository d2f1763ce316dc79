import type { Diagnostic } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { problemLines } from './problem-lines.ts'

const diagnostic = (parts: Partial<Diagnostic>): Diagnostic => ({
  severity: 'error',
  message: 'it is wrong',
  file: '/w/src/a.ts',
  line: 3,
  column: 7,
  code: null,
  source: 'tsc',
  ...parts,
})

test.for<[Partial<Diagnostic>, readonly string[]]>([
  [{}, ['/w/src/a.ts:3:7: error: it is wrong']],
  [{ code: 'TS2322' }, ['/w/src/a.ts:3:7: error TS2322: it is wrong']],
  [{ severity: 'warning', column: null }, ['/w/src/a.ts:3: warning: it is wrong']],
  [{ line: null, column: null }, ['/w/src/a.ts:1: error: it is wrong']],
  [{ file: null }, []],
])('a problem with %j is said as %j', ([parts, expected]) => {
  expect(problemLines([diagnostic(parts)])).toEqual(expected)
})
