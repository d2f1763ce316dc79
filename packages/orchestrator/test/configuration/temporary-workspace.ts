import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import {
  type ConfigurationResult,
  type LoadConfigurationOptions,
  describeProblem,
  loadConfiguration,
} from '../../src/configuration/index.ts'

/** A real directory with these files, gone at the end of the block. */
export interface TemporaryWorkspace extends Disposable {
  readonly root: string
  write(file: string, content: string | Uint8Array): void
  load(options?: Partial<LoadConfigurationOptions>): Promise<ConfigurationResult>
}

export function temporaryWorkspace(
  files: Readonly<Record<string, string | Uint8Array>>,
): TemporaryWorkspace {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'singletrack-configuration-')))
  const workspace: TemporaryWorkspace = {
    root,
    write(file, content) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), content)
    },
    load: async (options) =>
      loadConfiguration({ root, environment: {}, parallelism: 4, ...options }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
  for (const [file, content] of Object.entries(files)) workspace.write(file, content)
  return workspace
}

/** What is wrong, as people read it, without the code frames. */
export function problemsOf(result: ConfigurationResult, root: string): readonly string[] {
  if (result.kind !== 'invalid') return [`${result.kind}: no problems`]
  return result.problems.map(
    (problem) => describeProblem(problem, { cwd: root }).split('\n')[0] ?? '',
  )
}

/** The result of a configuration that must be right. */
export function loaded(
  result: ConfigurationResult,
): ConfigurationResult & { readonly kind: 'loaded' } {
  if (result.kind === 'loaded') return result
  throw new Error(`not loaded: ${JSON.stringify(result)}`)
}
