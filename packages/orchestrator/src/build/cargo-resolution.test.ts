import { expect, test } from 'vitest'

import { CargoResolution } from './cargo-resolution.ts'

/** A build in `/w/app` of the workspace `/w`, and the files that there are. */
function rig(files: Record<string, string> = {}): {
  readonly files: Record<string, string>
  readonly resolution: CargoResolution
  readonly says: (line: string, stream?: 'stdout' | 'stderr') => void
} {
  const resolution = new CargoResolution('/w/app', '/w', (path) => {
    const text = files[path]
    return text === undefined ? null : new TextEncoder().encode(text)
  })
  return {
    files,
    resolution,
    says: (line, stream = 'stderr') => resolution.heard({ stream, line }),
  }
}

test('a lockfile that cargo writes before it compiles is its own', () => {
  const { files, resolution, says } = rig()
  files['/w/Cargo.lock'] = 'written by cargo'
  says('   Compiling app v0.1.0 (/w/app)')
  expect(resolution.authorOf('Cargo.lock')).toBe('own')
})

test('an edit after cargo has begun to compile must not be taken for its own', () => {
  const { files, resolution, says } = rig({ '/w/Cargo.lock': 'as it was' })
  says('   Compiling app v0.1.0 (/w/app)')
  files['/w/Cargo.lock'] = 'as somebody wants it'
  expect(resolution.authorOf('Cargo.lock')).toBe('foreign')
  resolution.ended()
  expect(resolution.authorOf('Cargo.lock')).toBe('foreign')
})

test('a lockfile that is deleted is not what was built from', () => {
  const { files, resolution, says } = rig({ '/w/Cargo.lock': 'as it was' })
  says('   Compiling app v0.1.0 (/w/app)')
  delete files['/w/Cargo.lock']
  expect(resolution.authorOf('Cargo.lock')).toBe('foreign')
})

test('an edit that is taken back is what was built from', () => {
  const { files, resolution, says } = rig({ '/w/Cargo.lock': 'as it was' })
  says('   Compiling app v0.1.0 (/w/app)')
  files['/w/Cargo.lock'] = 'for a moment'
  files['/w/Cargo.lock'] = 'as it was'
  expect(resolution.authorOf('Cargo.lock')).toBe('own')
})

test('nothing is decided before cargo has said what it builds from; then who waits is called once', () => {
  const { resolution, says } = rig({ '/w/Cargo.lock': 'by cargo' })
  const answers: string[] = []
  resolution.whenDecided(() => answers.push(resolution.authorOf('Cargo.lock')))
  says('    Updating crates.io index')
  says('    Blocking waiting for file lock on package cache')
  expect([resolution.authorOf('Cargo.lock'), ...answers]).toEqual(['undecided'])
  says('  Downloading crates ...')
  says('   Compiling app v0.1.0 (/w/app)')
  resolution.ended()
  expect(answers).toEqual(['own'])
})

test('a build that ends before it has said so has nothing of its own', () => {
  const { resolution, says } = rig({ '/w/Cargo.lock': 'by whomever' })
  const answers: string[] = []
  resolution.whenDecided(() => answers.push(resolution.authorOf('Cargo.lock')))
  says('error: failed to parse manifest at `/w/app/Cargo.toml`')
  resolution.ended()
  expect(answers).toEqual(['foreign'])
})

test.for([
  ['stderr', '     Locking 3 packages to latest compatible versions'],
  ['stderr', '\u001B[1m\u001B[92m   Compiling\u001B[0m app v0.1.0'],
  ['stderr', '    Blocking waiting for file lock on build directory'],
  ['stderr', '    Blocking waiting for file lock on artifact directory'],
  ['stderr', '    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.01s'],
  ['stdout', '{"reason":"compiler-artifact","package_id":"path+file:///w/app#0.1.0"}'],
  ['stdout', '{"reason":"build-finished","success":true}'],
] as const)('cargo knows what it builds from when it says on %s: %s', ([stream, line]) => {
  const { resolution, says } = rig({ '/w/Cargo.lock': 'x' })
  says(line, stream)
  expect(resolution.authorOf('Cargo.lock')).toBe('own')
})

test('the lockfile beside the package goes before one further up, as with cargo', () => {
  const { resolution, says } = rig({ '/w/app/Cargo.lock': 'own', '/w/Cargo.lock': 'another' })
  says('   Compiling app v0.1.0 (/w/app)')
  expect(resolution.authorOf('app/Cargo.lock')).toBe('own')
  expect(resolution.authorOf('Cargo.lock')).toBe('foreign')
})

test('a lockfile above the root of the workspace is named from there', () => {
  const files = { '/Cargo.lock': 'x' }
  const { resolution, says } = rig(files)
  says('   Compiling app v0.1.0 (/w/app)')
  expect(resolution.authorOf('../Cargo.lock')).toBe('own')
})

test('other files are never its own', () => {
  const { resolution, says } = rig({ '/w/Cargo.lock': 'x' })
  expect(resolution.authorOf('Cargo.toml')).toBe('foreign')
  says('   Compiling app v0.1.0 (/w/app)')
  expect(resolution.authorOf('src/main.rs')).toBe('foreign')
})
