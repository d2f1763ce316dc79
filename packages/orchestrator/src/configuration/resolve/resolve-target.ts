import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'

import type { ProblemList } from '../document/problem-list.ts'
import {
  itemsAt,
  optionalNumber,
  optionalText,
  readNumber,
  readText,
  readWord,
} from '../document/read-setting.ts'
import { type SectionNode, type SettingNode, nodeAt } from '../document/setting-node.ts'
import type { Dependency, Target } from '../workspace.ts'
import { escapeGlob } from './globs.ts'
import { substitute } from './placeholders.ts'
import { resolveBuild } from './resolve-build.ts'
import { readEnvironmentFiles, resolveEnvironment } from './resolve-environment.ts'
import { resolveInvocation, resolveRun } from './resolve-run.ts'
import { type TargetContext, globsAt } from './target-context.ts'
import type { Timing } from './timing.ts'

export interface ResolveTargetOptions {
  readonly name: string
  /** Presets and defaults applied. */
  readonly node: SectionNode
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timing: Timing
  readonly problems: ProblemList
}

/** The target; what is wrong with it goes to `problems` and is replaced by something harmless. */
export async function resolveTarget(options: ResolveTargetOptions): Promise<Target> {
  const { name, node, problems, environment } = options
  const port = optionalNumber(node, 'run', 'port')
  const variable = (key: string): string | undefined => environment[key]
  const context: TargetContext = {
    name,
    node,
    root: options.root,
    problems,
    scope: { name, port, variable, cwd: resolveDirectory(options) },
  }
  const files = await readEnvironmentFiles(context)
  const fromFiles = new Map(files.flatMap((file) => [...file.variables]))
  const env = resolveEnvironment(
    withVariables(context, (key) => fromFiles.get(key) ?? environment[key]),
    files,
  )
  const inner = withVariables(context, (key) =>
    Object.hasOwn(env, key) ? env[key] : environment[key],
  )
  const watch = globsAt(inner, itemsAt(node, 'watch'), 'refused')
  return {
    name,
    cwd: context.scope.cwd,
    env,
    envFiles: files.map(({ file }) => file),
    watch: [
      ...watch.include,
      ...watchedFiles(
        options.root,
        files.map(({ file }) => file),
      ),
    ],
    exclude: watch.exclude,
    outputs: outputsOf(inner),
    ...options.timing,
    priority: readNumber(node, 'priority'),
    dependsOn: itemsAt(node, 'dependsOn').map(dependencyOf),
    start: readWord(['eager', 'on-invoke', 'manual', 'external'], node, 'start'),
    build: resolveBuild(inner),
    run: resolveRun(inner),
    invocation: resolveInvocation(inner),
  }
}

/** Those that begin with `!` come last and leave out. */
function outputsOf(context: TargetContext): readonly string[] {
  const { include, exclude } = globsAt(
    context,
    itemsAt(context.node, 'build', 'outputs'),
    'allowed',
  )
  return [...include, ...exclude.map((glob) => `!${glob}`)]
}

function withVariables(
  context: TargetContext,
  variable: (key: string) => string | undefined,
): TargetContext {
  return { ...context, scope: { ...context.scope, variable } }
}

/** The real directory of a target, or the root if there is something wrong with it. */
function resolveDirectory(options: ResolveTargetOptions): string {
  const { name, node, root, environment, problems } = options
  const at = nodeAt(node, ['cwd'])
  if (at === undefined) return root
  const scope = { name, cwd: root, port: null, variable: (key: string) => environment[key] }
  const text = substitute(readText(at), scope, ({ message, remedy }) => {
    problems.add(at.place, message, remedy)
  })
  const directory = path.resolve(root, text)
  try {
    const real = realpathSync(directory)
    if (!isDirectory(real)) {
      problems.add(at.place, `${text} is not a directory`, 'name the directory that contains it')
      return root
    }
    if (isBelow(root, real)) return real
    const remedy = 'move singletrack.jsonc up, to a directory that contains both'
    problems.add(at.place, `${text} lies outside the root ${root}`, remedy)
  } catch {
    problems.add(at.place, `there is no directory ${text}`, 'create it or correct the path')
  }
  return root
}

/** Environment files are watched as literal paths, which beat every ignore rule. */
function watchedFiles(root: string, files: readonly string[]): readonly string[] {
  return files
    .filter((file) => isBelow(root, file))
    .map((file) => escapeGlob(path.relative(root, file).split(path.sep).join('/')))
}

function dependencyOf(item: SettingNode): Dependency {
  if (item.kind === 'scalar') return { target: readText(item), until: 'built', restart: false }
  const restart = nodeAt(item, ['restart'])
  return {
    target: readText(item, 'target'),
    until: optionalText(item, 'until') === null ? 'built' : readWord(untils, item, 'until'),
    restart: restart?.kind === 'scalar' && restart.value === true,
  }
}

const untils = ['built', 'ready', 'exited'] as const

function isBelow(root: string, file: string): boolean {
  const relative = path.relative(root, file)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory()
  } catch {
    // Missing, a link to itself, or not ours to see: nothing that could be watched as a directory.
    return false
  }
}
