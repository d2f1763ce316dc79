import { expect, test } from 'vitest'

import { shortCommand } from './short-command.ts'

test.for([
  [
    '/home/ada/.rustup/toolchains/stable/bin/cargo check --workspace --message-format=json',
    'cargo check',
  ],
  ['cargo +nightly --offline test -p api', 'cargo test'],
  ['cargo', 'cargo'],
  ['/usr/bin/flock target/debug/.cargo-lock sleep 9', 'flock target/debug/.cargo-lock sleep 9'],
  ['', ''],
] as const)('%j is spoken of as %j', ([command, expected]) => {
  expect(shortCommand(command)).toBe(expected)
})
