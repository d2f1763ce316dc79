import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { type FunctionSpec, type Launch, type WorkspaceSpec, shellLine } from './tool.ts'

/** Else the pinned version is fetched anew in each workspace, with all its platforms. */
const NO_OTHER_PNPM = 'pmOnFail: ignore\n'

/** What its preparation may take at most, also of a tree of 50,000 files. */
const LIMIT = { timeout: 60_000, killSignal: 'SIGKILL' } as const

/**
 * One `turbo watch`: a package for each function, its program a persistent, interruptible task,
 * its build a task of its own that goes first, and the shared folder a package they depend on.
 */
export function prepareTurbo(
  spec: WorkspaceSpec,
  turbo: string,
  packageManager: string,
): readonly Launch[] {
  const folders = spec.functions.map(({ folder }) => folder)
  write(spec.root, 'package.json', {
    name: 'benchmark',
    private: true,
    type: 'module',
    packageManager,
    workspaces: spec.shared === null ? folders : [...folders, spec.shared],
  })
  writeFileSync(
    join(spec.root, 'pnpm-workspace.yaml'),
    `${NO_OTHER_PNPM}packages:\n${[...folders, ...(spec.shared === null ? [] : [spec.shared])].map((folder) => `  - ${folder}\n`).join('')}`,
  )
  write(spec.root, 'turbo.json', {
    futureFlags: { watchUsingTaskInputs: true },
    tasks: {
      build: { dependsOn: ['^build'], cache: false, outputs: ['dist/**'] },
      dev: {
        dependsOn: ['build', '^build'],
        persistent: true,
        interruptible: true,
        cache: false,
        // Its own logs lie in the packages, so not simply everything.
        ...(spec.watchesEverything ? { inputs: ['$TURBO_DEFAULT$', '$TURBO_ROOT$/tree/**'] } : {}),
      },
    },
  })
  if (spec.shared !== null)
    write(spec.root, join(spec.shared, 'package.json'), { name: 'shared', version: '1.0.0' })
  for (const one of spec.functions) writePackage(one, spec)
  writeFileSync(
    join(spec.root, '.gitignore'),
    'dist\ntarget\n.turbo\nnode_modules\n.reports\n.cargo-builds\n',
  )
  lockfile(spec.root)
  repository(spec.root)
  return [
    { command: [turbo, 'watch', 'dev', '--ui=stream', '--env-mode=loose', '--concurrency=60'] },
  ]
}

/** Its commands are run in the folder of the package. */
function writePackage(one: FunctionSpec, { root, shared }: WorkspaceSpec): void {
  const up = relative(join(root, one.folder), root)
  const scripts: Record<string, string> = { dev: `cd ${up} && exec ${shellLine(one.run)}` }
  if (one.build !== null) scripts['build'] = `cd ${up} && exec ${shellLine(one.build.command)}`
  write(root, join(one.folder, 'package.json'), {
    name: one.name,
    version: '1.0.0',
    type: 'module',
    scripts,
    ...(shared === null ? {} : { dependencies: { shared: 'workspace:*' } }),
  })
}

/** It reads who depends on whom from there, and warns at every save without. */
function lockfile(root: string): void {
  const args = ['install', '--lockfile-only', '--offline', '--ignore-scripts']
  execFileSync('pnpm', args, { cwd: root, stdio: 'ignore', ...LIMIT })
}

/** It asks git for what has changed, and is slower without. */
function repository(root: string): void {
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: root,
      stdio: 'ignore',
      ...LIMIT,
    })
  }
  git('init', '-q')
  git('add', '-A')
  git('commit', '-qm', 'benchmark')
}

function write(root: string, path: string, content: object): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), JSON.stringify(content, null, 2))
}
