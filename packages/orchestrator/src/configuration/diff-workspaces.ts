import { isDeepStrictEqual } from 'node:util'

import type { Target, Workspace } from './workspace.ts'

/** What of a target is no longer as it was. */
export interface TargetChanges {
  /** Its build command, or the directory or environment it runs in: build again. */
  readonly build: boolean
  /** Its run command, or the directory or environment it runs in: restart. */
  readonly run: boolean
  /** What it watches, and when a change counts: replace its subscription. */
  readonly watch: boolean
  /** What it is made from: what is new among it may have changed unseen. */
  readonly sources: boolean
  readonly outputs: boolean
  readonly dependsOn: boolean
  readonly start: boolean
  readonly priority: boolean
  readonly invocation: boolean
}

export type TargetDifference =
  | { readonly kind: 'added'; readonly next: Target }
  | { readonly kind: 'removed'; readonly previous: Target }
  | { readonly kind: 'unchanged'; readonly next: Target }
  | {
      readonly kind: 'changed'
      readonly previous: Target
      readonly next: Target
      readonly changes: TargetChanges
    }

export interface WorkspaceDifference {
  /** Every target of both, in the order of the new one, then what was removed. */
  readonly targets: ReadonlyMap<string, TargetDifference>
  /** Names. A resource whose capacity or lock moved is in `changed`. */
  readonly resources: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly changed: readonly string[]
  }
  /** Settings that hold for all: the watcher must be made anew. */
  readonly watcher: boolean
  /** The order of builds, or how many run at a time. */
  readonly scheduling: boolean
  /** The files that the configuration comes from, which are watched for the next edit. */
  readonly files: boolean
  /** Nothing at all differs. */
  readonly isEmpty: boolean
}

/** What an edit of the configuration changed. Decides nothing: it only says what differs. */
export function diffWorkspaces(previous: Workspace, next: Workspace): WorkspaceDifference {
  const targets = new Map<string, TargetDifference>()
  for (const [name, target] of next.targets) {
    const before = previous.targets.get(name)
    targets.set(
      name,
      before === undefined ? { kind: 'added', next: target } : compare(before, target),
    )
  }
  for (const [name, target] of previous.targets) {
    if (!targets.has(name)) targets.set(name, { kind: 'removed', previous: target })
  }
  const resources = diffResources(previous, next)
  const watcher = differ(previous, next, ['root', 'ignore', 'gitignore', 'watcher'])
  const scheduling = differ(previous, next, ['policy', 'concurrency'])
  const files = differ(previous, next, ['files', 'manifests'])
  const isEmpty =
    [...targets.values()].every(({ kind }) => kind === 'unchanged') &&
    Object.values(resources).every((names) => names.length === 0) &&
    ![watcher, scheduling, files].includes(true)
  return { targets, resources, watcher, scheduling, files, isEmpty }
}

function compare(previous: Target, next: Target): TargetDifference {
  if (isDeepStrictEqual(previous, next)) return { kind: 'unchanged', next }
  const changes: TargetChanges = {
    build: differ(previous, next, ['build', ...whole(previous.build, next.build)]),
    run: differ(previous, next, ['run', ...whole(previous.run, next.run)]),
    watch: differ(previous, next, [
      'watch',
      'exclude',
      'outputs',
      'envFiles',
      'debounceMs',
      'singleDebounceMs',
      'maxWaitMs',
    ]),
    sources: differ(previous, next, ['watch', 'exclude']),
    outputs: differ(previous, next, ['outputs']),
    dependsOn: differ(previous, next, ['dependsOn']),
    start: differ(previous, next, ['start']),
    priority: differ(previous, next, ['priority']),
    invocation: differ(previous, next, ['invocation']),
  }
  return { kind: 'changed', previous, next, changes }
}

/** Directory and environment belong to a command, if there is one. */
function whole(previous: object | null, next: object | null): readonly ('cwd' | 'env')[] {
  return previous === null && next === null ? [] : ['cwd', 'env']
}

function diffResources(previous: Workspace, next: Workspace): WorkspaceDifference['resources'] {
  const before = previous.resources
  const after = next.resources
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after].flatMap(([name, resource]) =>
      before.has(name) && !isDeepStrictEqual(before.get(name), resource) ? [name] : [],
    ),
  }
}

function differ<Whole>(previous: Whole, next: Whole, keys: readonly (keyof Whole)[]): boolean {
  return keys.some((key) => !isDeepStrictEqual(previous[key], next[key]))
}
