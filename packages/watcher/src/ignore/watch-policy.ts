import { findCoverage } from '../dispatch/coverage.ts'
import type { PatternTrie } from '../dispatch/pattern-trie.ts'
import type { IgnoredBy } from '../options.ts'
import { isAbove, joinPath, nameOf, parentOf, relativePath, splitPath } from '../paths.ts'
import { DirectoryRules } from './directory-rules.ts'
import { type IgnoreFile, type IgnoreRule, findIgnoreRule } from './ignore-file.ts'
import type { ReadDirectoryRules } from './ignore-sources.ts'

/** Never watched as content, at any level, whatever anybody includes. */
const NEVER_WATCHED: ReadonlySet<string> = new Set(['.git', '.singletrack'])

/** What to do with a directory that somebody needs. */
export interface DirectoryPolicy {
  readonly path: string
  /** The segments of its path relative to the root; `..` for directories above. */
  readonly segments: readonly string[]
  /** Every visible entry is tracked; otherwise only `names`. */
  readonly tracksAll: boolean
  readonly names: ReadonlySet<string>
  /**
   * 0, or: an ignore rule hides a directory at this depth or above it, and only patterns whose
   * literal base is at least this many segments long see through it.
   */
  readonly region: number
  /** Set if an ignore rule hides this directory, which is only the way to a literal base below. */
  readonly hiddenBy: IgnoreRule | undefined
  readonly rules: DirectoryRules
  readonly suspended: ReadonlySet<IgnoreRule>
}

/** Whether an entry of a needed directory is seen, and by which patterns. */
export type Visibility =
  | { readonly kind: 'visible'; readonly region: number }
  | { readonly kind: 'hidden'; readonly by: IgnoredBy }

export interface WatchPolicyOptions {
  /** Absolute, with forward slashes. */
  readonly root: string
  readonly trie: PatternTrie
  /** The `ignore` option, parsed; it takes precedence over files. */
  readonly ignore: IgnoreFile
  /** `undefined`: ignore files are not obeyed. */
  readonly readRules: ReadDirectoryRules | undefined
  /** The work tree that holds the root; ignore files above it do not count. */
  readonly workTree: string | undefined
}

/**
 * Decides, for every directory, whether it is needed, what of it, and which ignore rules hold in
 * it. Reads ignore files, and nothing else; remembers what it decided until `invalidate`.
 *
 * As in git, the deepest file that has an answer wins, the last matching line in it, and nothing
 * inside an ignored directory can be taken back by another ignore rule. A pattern's literal base
 * takes itself back: it suspends the rules that hide it.
 */
export class WatchPolicy {
  readonly #options: WatchPolicyOptions
  readonly #directories = new Map<string, DirectoryPolicy | null>()

  constructor(options: WatchPolicyOptions) {
    this.#options = options
  }

  /** Forgets all decisions: the patterns or an ignore file changed. */
  invalidate(): void {
    this.#directories.clear()
  }

  /** `null`: nobody needs anything in this directory. */
  directory(path: string): DirectoryPolicy | null {
    const known = this.#directories.get(path)
    if (known !== undefined) return known
    const decided = this.#decide(path)
    this.#directories.set(path, decided)
    return decided
  }

  entry(parent: DirectoryPolicy, name: string, isDirectory: boolean): Visibility {
    if (NEVER_WATCHED.has(name)) return { kind: 'hidden', by: { kind: 'never-watched', name } }
    if (!this.mayHide(parent)) return { kind: 'visible', region: parent.region }
    const rule = parent.hiddenBy ?? this.#ignoringRule(parent, name, isDirectory)
    if (rule === undefined) return { kind: 'visible', region: parent.region }
    const base = this.#options.trie.find([...parent.segments, name])
    if (base === undefined || base.groups.size === 0) return { kind: 'hidden', by: rule.origin }
    return { kind: 'visible', region: parent.segments.length + 1 }
  }

  /** Whether some rule may hide an entry of a needed directory, or hides the directory itself. */
  mayHide(directory: DirectoryPolicy): boolean {
    return directory.hiddenBy !== undefined || directory.rules.mayHide
  }

  /** Whether the directory's policy makes an entry of this name worth looking at. */
  tracks(directory: DirectoryPolicy, name: string): boolean {
    return directory.tracksAll || directory.names.has(name)
  }

  #ignoringRule(
    parent: DirectoryPolicy,
    name: string,
    isDirectory: boolean,
  ): IgnoreRule | undefined {
    if (!parent.rules.mayHide) return undefined
    const entry = { path: joinPath(parent.path, name), name, isDirectory }
    const rule = findIgnoreRule(parent.rules.files, entry, parent.suspended)
    return rule === undefined || rule.negated ? undefined : rule
  }

  #decide(path: string): DirectoryPolicy | null {
    const { root } = this.#options
    if (path === root || isAbove(path, root)) return this.#decideAbove(path)
    const above = parentOf(path)
    const parent = above === undefined ? null : this.directory(above)
    if (parent === null) return null
    const name = nameOf(path)
    if (NEVER_WATCHED.has(name)) return null
    const segments =
      parent.segments.at(-1) === '..' || parent.segments.length === 0
        ? splitPath(relativePath(root, path))
        : [...parent.segments, name]
    const node = this.#options.trie.find(segments)
    const rule = parent.hiddenBy ?? this.#ignoringRule(parent, name, true)
    if (rule !== undefined && node === undefined) return null
    const isBase = node !== undefined && node.groups.size > 0
    if (rule !== undefined && !isBase) {
      const { region, rules, suspended } = parent
      return this.#finish({ path, segments, region, hiddenBy: rule, rules, suspended })
    }
    const rules = this.#withOwnRules(path, parent.rules)
    const literal = node !== undefined && node.literals > 0
    const suspended = isBase
      ? suspendHiding(rules.files, parent.suspended, { path, name, literal })
      : parent.suspended
    const opened = suspended.size > parent.suspended.size || parent.hiddenBy !== undefined
    const region = opened ? segments.length : parent.region
    return this.#finish({ path, segments, region, hiddenBy: undefined, rules, suspended })
  }

  /** The root and the directories above it: always on the way, never hidden. */
  #decideAbove(path: string): DirectoryPolicy | null {
    const { root, workTree, ignore } = this.#options
    const segments = splitPath(relativePath(root, path))
    const parent = parentOf(path)
    const above = parent === undefined ? null : this.directory(parent)
    const inWorkTree =
      path === root || (workTree !== undefined && (path === workTree || isAbove(workTree, path)))
    let rules = DirectoryRules.of([ignore])
    if (inWorkTree) rules = this.#withOwnRules(path, above?.rules ?? rules)
    if (path === root && above !== null) {
      const entry = { path, name: nameOf(path), isDirectory: true }
      const rule = findIgnoreRule(above.rules.files, entry, NO_RULES)
      // Rules that hide the root itself were not written for somebody who watches it.
      if (rule !== undefined && !rule.negated) {
        rules = this.#withOwnRules(path, DirectoryRules.of([ignore]))
      }
    }
    const decided = { path, segments, region: 0, hiddenBy: undefined, rules, suspended: NO_RULES }
    const policy = this.#finish(decided)
    if (path === root) return policy
    const next = relativePath(path, root).split('/')[0] ?? ''
    const names = new Set([...(policy?.names ?? []), next])
    if (!inWorkTree) names.delete('.gitignore')
    else if (this.#options.readRules !== undefined) names.add('.gitignore')
    return { ...decided, tracksAll: policy?.tracksAll ?? false, names }
  }

  #withOwnRules(path: string, above: DirectoryRules): DirectoryRules {
    const { ignore, readRules } = this.#options
    return readRules === undefined ? above : DirectoryRules.in(path, above, { ignore, readRules })
  }

  #finish(decided: Omit<DirectoryPolicy, 'tracksAll' | 'names'>): DirectoryPolicy | null {
    const { path, segments, region, hiddenBy, rules, suspended } = decided
    const coverage = findCoverage(this.#options.trie, segments, region)
    const tracksAll = coverage.all && hiddenBy === undefined
    if (!tracksAll && coverage.names.size === 0) return null
    // A change of the rules must be seen where only a few names are tracked.
    const seesRules = this.#options.readRules !== undefined && hiddenBy === undefined
    const names = seesRules ? withIgnoreFile(coverage.names) : coverage.names
    return { path, segments, region, hiddenBy, rules, suspended, tracksAll, names }
  }
}

const NO_RULES: ReadonlySet<IgnoreRule> = new Set()

const IGNORE_FILE_ONLY: ReadonlySet<string> = new Set(['.gitignore'])

/** Most directories track no other name of their own: one set serves them all. */
function withIgnoreFile(names: ReadonlySet<string>): ReadonlySet<string> {
  return names.size === 0 ? IGNORE_FILE_ONLY : new Set(names).add('.gitignore')
}

/** A name that no rule means, which only a rule for everything matches. */
const ANY_NAME = '\u0001'

/**
 * All rules that hide a literal base, added to those suspended already; for a pattern without
 * magic also the rules that hide everything in it (`dist/*`).
 */
function suspendHiding(
  files: readonly IgnoreFile[],
  suspended: ReadonlySet<IgnoreRule>,
  base: { readonly path: string; readonly name: string; readonly literal: boolean },
): ReadonlySet<IgnoreRule> {
  const found = new Set(suspended)
  const probes = [{ path: base.path, name: base.name, isDirectory: true }]
  if (base.literal) {
    const path = joinPath(base.path, ANY_NAME)
    probes.push(
      { path, name: ANY_NAME, isDirectory: true },
      { path, name: ANY_NAME, isDirectory: false },
    )
  }
  for (const probe of probes) {
    for (;;) {
      const rule = findIgnoreRule(files, probe, found)
      if (rule === undefined || rule.negated) break
      found.add(rule)
    }
  }
  return found.size === suspended.size ? suspended : found
}
