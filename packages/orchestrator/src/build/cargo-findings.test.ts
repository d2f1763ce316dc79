import { expect, test } from 'vitest'

import { target } from '../../test/support/targets.ts'
import { CargoFindings } from './cargo-findings.ts'

const at = (file: string, message = 'mismatched types') =>
  ({ severity: 'error', message, file, line: 1, column: 1, code: null, source: 'rustc' }) as const

/** What the compiler said of one crate. */
const said = (crate: string, kind: string, file: string) =>
  ({
    kind: 'rendered',
    text: '',
    diagnostic: at(file),
    target: crate,
    targetKinds: [kind],
    manifest: `/workspace/${crate}/Cargo.toml`,
  }) as const

const findings = (...messages: Parameters<CargoFindings['add']>[0][]): CargoFindings => {
  const found = new CargoFindings('/workspace')
  for (const message of messages) found.add(message)
  return found
}

const api = target('api', { watch: ['api/**', 'shared/**', 'Cargo.toml'] })
const mail = target('mail', { watch: ['mail/**', 'Cargo.toml'] })

test('what is said of a binary is its own', () => {
  const found = findings(said('api', 'bin', 'api/src/main.rs'))
  expect(found.of(api)).toEqual([at('api/src/main.rs')])
  expect(found.of(mail)).toEqual([])
})

test('what is said of a library concerns those that are made from it', () => {
  const found = findings(said('shared', 'lib', 'shared/src/lib.rs'))
  expect(found.of(api)).toEqual([at('shared/src/lib.rs')])
  expect(found.of(mail)).toEqual([])
})

test('another binary of a watched package is no fault of this one', () => {
  const everything = target('api', { watch: ['**'] })
  const found = findings(said('mail', 'bin', 'mail/src/main.rs'), said('shared', 'lib', 'lib.rs'))
  expect(found.of(everything)).toEqual([at('lib.rs')])
})

test('the package at the root concerns who watches everything', () => {
  const message = { ...said('root', 'lib', 'src/lib.rs'), manifest: '/workspace/Cargo.toml' }
  expect(findings(message).of(target('app', { watch: ['**'] }))).toHaveLength(1)
  expect(findings(message).of(api)).toEqual([])
})

test('the same thing said twice is one finding', () => {
  const message = said('shared', 'lib', 'shared/src/lib.rs')
  expect(findings(message, message).of(api)).toHaveLength(1)
})

test('text without a diagnostic is none', () => {
  const found = findings({ ...said('api', 'bin', ''), diagnostic: null })
  expect(found.isEmpty).toBe(true)
})
