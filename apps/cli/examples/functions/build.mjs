// Bundles functions into dist/: `node build.mjs orders`, or several names at once.
//
// dist/manifest.json lists every bundle with its size, hash and build number. Each build reads it,
// adds its own entries and writes it back, so two builds at the same time would lose one of them.
// `dist/.building` is the alarm for that, not the lock: it refuses, with exit code 2, to build
// beside a build that is alive. Taking turns is what Singletrack does.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import * as esbuild from 'esbuild'

const root = import.meta.dirname
const dist = join(root, 'dist')
const marker = join(dist, '.building')
const manifest = join(dist, 'manifest.json')

/** Lengthens each build, to watch them queue: `EXTRA_BUILD_MS=3000 npm start`. */
const extraMs = Number(process.env.EXTRA_BUILD_MS ?? 0)

const names = process.argv.slice(2)
if (names.length === 0) refuse('usage: node build.mjs NAME [NAME…]')

mkdirSync(dist, { recursive: true })
claimDist()
process.on('exit', () => rmSync(marker, { force: true }))
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const entries = readManifest()
try {
  const { outputFiles, metafile } = await bundle()
  await delay(extraMs)
  for (const { path, contents } of outputFiles) replaceFile(path, contents)
  for (const name of names) {
    const { bytes, inputs } = metafile.outputs[`dist/${name}.mjs`]
    const build = (entries[name]?.build ?? 0) + 1
    const sha256 = createHash('sha256').update(readFileSync(join(dist, `${name}.mjs`)))
    entries[name] = { build, bytes, sha256: sha256.digest('hex'), inputs: Object.keys(inputs) }
    console.log(`built dist/${name}.mjs (${bytes} bytes, build ${build})`)
  }
  replaceFile(manifest, `${JSON.stringify(entries, null, 2)}\n`)
} catch (error) {
  // esbuild has printed what is wrong in the sources.
  if (!Array.isArray(error.errors)) throw error
  process.exitCode = 1
} finally {
  await esbuild.stop()
}

/** Nothing is written before every bundle is good: a failed build leaves the old ones. */
function bundle() {
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `services/${name}/main.ts`, out: name })),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: true,
    metafile: true,
    write: false,
  })
}

function claimDist() {
  const own = `${process.pid} ${names.join(' ')}\n`
  try {
    writeFileSync(marker, own, { flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const other = readFileSync(marker, 'utf8').trim()
    const [pid, ...building] = other.split(' ')
    if (isAlive(Number(pid))) {
      refuse(
        `build.mjs: error: dist/ is in use: pid ${pid} is building ${building.join(', ')}`,
        'Only one build may write dist/manifest.json at a time; wait for it and try again.',
      )
    }
    // That build was killed before it could tidy up.
    writeFileSync(marker, own)
  }
}

function isAlive(pid) {
  // A marker without a number was made an instant ago.
  if (!Number.isInteger(pid) || pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function readManifest() {
  try {
    return JSON.parse(readFileSync(manifest, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}

function replaceFile(path, contents) {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, contents)
  renameSync(draft, path)
}

function refuse(...lines) {
  console.error(lines.join('\n'))
  process.exit(2)
}
