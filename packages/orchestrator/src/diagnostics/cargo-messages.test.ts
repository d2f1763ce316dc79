import { expect, test } from 'vitest'

import { createCargoMessages } from './cargo-messages.ts'

const messages = createCargoMessages()

test('a binary is told the moment cargo has it', () => {
  const message = {
    reason: 'compiler-artifact',
    package_id: 'path+file:///x/demo#0.1.0',
    manifest_path: '/x/demo/Cargo.toml',
    target: { kind: ['bin'], name: 'demo' },
    executable: '/x/target/debug/demo',
    fresh: false,
  }
  expect(messages.push(JSON.stringify(message))).toEqual({
    kind: 'artifact',
    target: 'demo',
    targetKinds: ['bin'],
    package: 'path+file:///x/demo#0.1.0',
    manifest: '/x/demo/Cargo.toml',
    executable: '/x/target/debug/demo',
    fresh: false,
  })
})

test('a library has no executable', () => {
  const message = {
    reason: 'compiler-artifact',
    target: { kind: ['lib'], name: 'core' },
    fresh: true,
  }
  expect(messages.push(JSON.stringify({ ...message, executable: null }))).toMatchObject({
    kind: 'artifact',
    executable: null,
    fresh: true,
  })
})

test('a compiler message comes as its text with its diagnostic', () => {
  const message = {
    rendered: '\u001b[1merror\u001b[0m: x\n',
    level: 'error',
    message: 'x',
    spans: [],
  }
  expect(messages.push(JSON.stringify({ reason: 'compiler-message', message }))).toMatchObject({
    kind: 'rendered',
    text: '\u001b[1merror\u001b[0m: x\n',
    diagnostic: { severity: 'error', message: 'x', file: null },
  })
})

test('the end of the build says whether it succeeded', () => {
  expect(messages.push('{"reason":"build-finished","success":true}')).toEqual({
    kind: 'build-finished',
    success: true,
  })
  expect(messages.push('{"reason":"build-finished","success":false}')).toEqual({
    kind: 'build-finished',
    success: false,
  })
})

test('messages that mean nothing here are named, so that they are not printed', () => {
  expect(messages.push('{"reason":"build-script-executed"}')).toEqual({
    kind: 'other',
    reason: 'build-script-executed',
  })
})

test.for(['plain text', '{"json":"of the program"}', '{"reason":', '{"reason":7}', '[]', ''])(
  'what is no message passes through: %j',
  (text) => {
    expect(messages.push(text)).toEqual({ kind: 'line', text })
  },
)
