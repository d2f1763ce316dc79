// Bundles what goes into the VSIX: the extension as one CommonJS file, which every fork of the editor
// loads, and the session program as an ES module with its watchdog beside it. Writes the JSON Schema
// of the configuration, too.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { configurationSchema } from '@singletrack/orchestrator'
import { type BuildOptions, type Plugin, build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.join(root, 'dist')

/** What is shipped, at most; a library that slips in by accident shows here. */
const LIMITS_KB = {
  'extension.cjs': 350,
  'session/session-program.js': 1_100,
  'session/watchdog.js': 50,
}

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // From the sources of the packages, so that only the modules that are used come along.
  conditions: ['source'],
  // The UMD build of jsonc-parser cannot be bundled.
  mainFields: ['module', 'main'],
  // The Node of the lowest supported editor.
  target: 'node22',
  sourcemap: true,
  logLevel: 'warning',
  legalComments: 'none',
  // The extension starts no watchdog: the only place that needs it is not bundled into it.
  logOverride: { 'empty-import-meta': 'silent' },
}

/** The entry of the session loads its program from the file beside it. */
const besideEachOther: Plugin = {
  name: 'beside-each-other',
  setup: (build_) => {
    build_.onResolve({ filter: /session-program\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './session-program.js', external: true } : undefined,
    )
  },
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await Promise.all([
  build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    external: ['vscode'],
  }),
  build({
    ...common,
    entryPoints: ['src/session-host.ts', 'src/session-program.ts'],
    plugins: [besideEachOther],
    outdir: 'dist/session',
    format: 'esm',
    minify: true,
    // Libraries in CommonJS find the modules of Node through `require`.
    banner: {
      js: "import { createRequire as createRequire_ } from 'node:module';const require = createRequire_(import.meta.url);",
    },
  }),
  build({
    ...common,
    // The session starts it as the file beside itself.
    entryPoints: { watchdog: sourceOf('@singletrack/orchestrator', 'src/watchdog/main.ts') },
    outdir: 'dist/session',
    format: 'esm',
    minify: true,
  }),
])
writeFileSync(path.join(dist, 'singletrack.schema.json'), JSON.stringify(configurationSchema()))
for (const [file, limit] of Object.entries(LIMITS_KB)) {
  const kilobytes = Math.round(statSync(path.join(dist, file)).size / 1024)
  process.stdout.write(`dist/${file} ${kilobytes} KB\n`)
  if (kilobytes > limit) throw new Error(`dist/${file} is larger than ${limit} KB`)
}

/** A source file of a package of this workspace. */
function sourceOf(name: string, file: string): string {
  const manifest = fileURLToPath(import.meta.resolve(`${name}/package.json`))
  return path.join(path.dirname(manifest), file)
}
