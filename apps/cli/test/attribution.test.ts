import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

// flock(1) takes the very lock that cargo takes, so that no compiler is needed to show it.
const canShow = process.platform === 'linux' && spawnSync('flock', ['--version']).status === 0
if (!canShow)
  process.stdout.write('skipped: naming lock holders needs Linux and flock, which is not on PATH\n')

test.skipIf(!canShow)(
  'while cargo waits for its build directory, the holder is named',
  async () => {
    await using workspace = Workspace.of({
      'singletrack.jsonc': JSON.stringify({
        resources: { 'cargo-target': { capacity: 1, at: 'target' } },
        targets: {
          api: {
            watch: ['src/**'],
            build: { command: ['node', 'build.mjs'], uses: ['cargo-target'] },
          },
        },
      }),
      'build.mjs': `import { spawnSync } from 'node:child_process'
console.error('    Blocking waiting for file lock on build directory')
spawnSync('flock', ['target/debug/.cargo-lock', 'true'], { stdio: 'inherit' })
console.error('   Compiling api v0.1.0')
`,
    })
    mkdirSync(join(workspace.root, 'target/debug'), { recursive: true })
    workspace.write('target/debug/.cargo-lock', '')
    const holder = spawn('flock', ['target/debug/.cargo-lock', 'sh', '-c', 'echo held; read _'], {
      cwd: workspace.root,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    try {
      await using session = workspace.run(['watch', '--json'])
      const held = await session.event(
        (event) => event.type === 'held' && event.hold.text.includes('inside cargo'),
      )
      expect(held).toMatchObject({
        target: 'api',
        hold: {
          kind: 'external',
          text: expect.stringMatching(
            /^waits inside cargo for the build directory, held by .*(?:flock|sh) .*, pid \d+, \d+ s$/,
          ),
        },
      })
      holder.stdin.end('\n')
      const ended = await session.event(({ type }) => type === 'hold-ended')
      expect(ended).toMatchObject({ target: 'api', waitedMs: expect.any(Number) })
      await session.event(({ type }) => type === 'build-succeeded')
    } finally {
      holder.kill()
    }
  },
)
