import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { answersAs, invoke } from './support/cargo-functions.ts'
import { plainCargo } from './support/cargo-workspace.ts'
import { RUST_FUNCTIONS, compileCrates } from './support/rust-dependencies.ts'
import { Workspace } from './support/workspace.ts'

const files = ['Cargo.toml', 'Cargo.lock', 'greet/Cargo.toml', 'greet/src/main.rs']

test(
  'a function on the real lambda_runtime crate needs no configuration',
  { timeout: 600_000 },
  async (context) => {
    const crates = await compileCrates()
    if (crates.kind === 'missing') {
      process.stdout.write(`skipped: ${context.task.name}: ${crates.reason}\n`)
      context.skip(crates.reason)
      return
    }
    await using workspace = Workspace.of(
      Object.fromEntries(
        files.map((file) => [file, readFileSync(join(RUST_FUNCTIONS, file), 'utf8')]),
      ),
    )
    await using session = workspace.run(['watch', '--all', '--json'], {
      ...plainCargo,
      CARGO_TARGET_DIR: crates.targetDirectory,
    })
    await session.event(({ type }) => type === 'settled')
    expect(await invoke(workspace, 'greet', { name: 'Ada' })).toEqual({
      version: '1',
      greeting: 'hello',
      name: 'Ada',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      function: 'greet',
    })
    await using failed = workspace.run(['invoke', 'greet', '--data', '{"fail":true}'])
    expect((await failed.end()).code).toBe(1)
    expect(failed.stdout).toContain('told to fail')
    workspace.edit('greet/src/main.rs', 'VERSION: &str = "1"', 'VERSION: &str = "2"')
    await answersAs(workspace, 'greet', '2')
    expect(session.stdout).not.toContain('Blocking waiting for file lock')
  },
)
