#!/usr/bin/env node
import { readFileSync } from 'node:fs'

import { exitCodes } from './exit-codes.ts'
import { unsupportedNode } from './supported-node.ts'

interface Manifest {
  readonly version: string
  readonly engines: { readonly node: string }
}

const [, , first, ...others] = process.argv
const { version, engines } = readManifest()

// Asked for the version alone, nothing else is loaded: shells and editors ask often.
if ((first === '--version' || first === '-V') && others.length === 0) {
  process.stdout.write(`${version}\n`)
} else {
  void run()
}

async function run(): Promise<void> {
  const unsupported = unsupportedNode(process.versions.node, engines.node)
  if (unsupported !== null) {
    process.stderr.write(`singletrack: ${unsupported}\n`)
    process.exitCode = exitCodes.ownFailure
    return
  }
  const { runCommand } = await import('./cli.ts')
  // Not process.exit: what is still in the pipe of stdout must reach its reader.
  process.exitCode = await runCommand(process.argv.slice(2), version)
}

function readManifest(): Manifest {
  const manifest: Manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest
}
