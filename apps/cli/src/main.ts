#!/usr/bin/env node
import { readFileSync } from 'node:fs'

const [, , first, ...others] = process.argv

// Asked for the version alone, nothing else is loaded: shells and editors ask often.
if ((first === '--version' || first === '-V') && others.length === 0) {
  process.stdout.write(`${readVersion()}\n`)
} else {
  void run()
}

async function run(): Promise<void> {
  const { runCommand } = await import('./cli.ts')
  // Not process.exit: what is still in the pipe of stdout must reach its reader.
  process.exitCode = await runCommand(process.argv.slice(2), readVersion())
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
