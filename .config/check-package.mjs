// Checks one package the way its users meet it: lints the manifest and the types of the tarball,
// installs the tarball into a blank project, loads every entry with `import` and `require`, and
// type-checks an import of it under `nodenext` and `bundler`. Runs in the package's folder.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const run = (command, args, cwd) => {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    process.stderr.write(`${command} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? ''}`)
    process.exit(1)
  }
}

/** Every workspace package that `folder` needs at run time, itself included, by name. */
const withSiblings = (folder, found = new Map()) => {
  const manifest = readManifest(folder)
  found.set(manifest.name, folder)
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    if (version.startsWith('workspace:') && !found.has(name)) {
      withSiblings(join(root, 'packages', name.replace('@singletrack/', '')), found)
    }
  }
  return found
}

const folder = process.cwd()
const manifest = readManifest(folder)
for (const field of ['description', 'keywords', 'repository', 'bugs', 'license', 'engines']) {
  if (manifest[field] === undefined) {
    process.stderr.write(`package.json of ${manifest.name} lacks "${field}"\n`)
    process.exit(1)
  }
}
const isLibrary = manifest.bin === undefined
run('publint', ['--strict'], folder)
if (isLibrary) run('attw', ['--pack', '.', '--profile', 'esm-only', '--quiet'], folder)

const blank = mkdtempSync(join(tmpdir(), 'singletrack-package-'))
try {
  const tarballs = {}
  for (const [name, path] of withSiblings(folder)) {
    const into = join(blank, 'tarballs', name.replaceAll('/', '-'))
    run('pnpm', ['pack', '--pack-destination', into], path)
    tarballs[name] = `file:${join(into, readdirSync(into)[0])}`
  }
  const types = readManifest(root).devDependencies.typescript
  writeFileSync(
    join(blank, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { [manifest.name]: tarballs[manifest.name] },
      devDependencies: { typescript: types, '@types/node': '22' },
    }),
  )
  writeFileSync(
    join(blank, 'pnpm-workspace.yaml'),
    `packages: []\nminimumReleaseAge: 0\nallowBuilds: {}\noverrides:\n${Object.entries(tarballs)
      .map(([name, tarball]) => `  '${name}': '${tarball}'\n`)
      .join('')}`,
  )
  run(
    'pnpm',
    ['install', '--prefer-offline', '--no-frozen-lockfile', '--config.strict-dep-builds=false'],
    blank,
  )

  for (const required of ['LICENSE', 'README.md']) {
    readFileSync(join(blank, 'node_modules', manifest.name, required))
  }
  if (isLibrary) {
    const entries = Object.keys(manifest.exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => join(manifest.name, entry))
    const names = entries.map((entry) => `'${entry}'`)
    writeFileSync(join(blank, 'import.mjs'), names.map((n) => `await import(${n})\n`).join(''))
    writeFileSync(join(blank, 'require.cjs'), names.map((n) => `require(${n})\n`).join(''))
    run('node', ['import.mjs'], blank)
    run('node', ['require.cjs'], blank)
    writeFileSync(
      join(blank, 'types.ts'),
      names.map((n, i) => `import * as entry${i} from ${n}\nvoid entry${i}\n`).join(''),
    )
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const options = [
        '--strict',
        '--noEmit',
        '--target',
        'es2023',
        '--lib',
        'es2023,esnext.disposable',
      ]
      run(
        join(blank, 'node_modules/.bin/tsc'),
        [
          'types.ts',
          '--ignoreConfig',
          ...options,
          '--module',
          module,
          '--moduleResolution',
          moduleResolution,
          '--types',
          'node',
        ],
        blank,
      )
    }
  } else {
    const version = run(
      join(blank, 'node_modules/.bin', Object.keys(manifest.bin)[0]),
      ['--version'],
      blank,
    )
    if (version.trim() !== manifest.version) {
      process.stderr.write(
        `--version printed ${version.trim()}, the manifest says ${manifest.version}\n`,
      )
      process.exit(1)
    }
  }
  process.stdout.write(`${manifest.name} packs, installs, loads and type-checks\n`)
} finally {
  rmSync(blank, { recursive: true, force: true })
}
