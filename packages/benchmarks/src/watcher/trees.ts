import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FILES_PER_DIRECTORY = 20

export interface BenchmarkTree extends Disposable {
  readonly root: string
  readonly names: readonly string[]
}

/** Files in directories of twenty; in memory where there is such a place, to measure no disk. */
export function makeTree(files: number, under = ''): BenchmarkTree {
  const root = mkdtempSync(
    join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'watcher-benchmark-'),
  )
  const names = addFiles(root, files, under)
  return { root, names, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

export function addFiles(
  root: string,
  files: number,
  under: string,
  perDirectory = FILES_PER_DIRECTORY,
): string[] {
  const names: string[] = []
  for (let at = 0; at < files; at += 1) {
    const directory = join(under, `d${Math.floor(at / perDirectory)}`)
    if (at % perDirectory === 0) mkdirSync(join(root, directory), { recursive: true })
    const name = join(directory, `f${at % perDirectory}.ts`)
    writeFileSync(join(root, name), '')
    names.push(name)
  }
  return names
}

/** Two branches that differ in 5,000 files: 3,500 changed, 750 on each alone, many in new directories. */
export function makeRepository(): BenchmarkTree & { readonly differing: readonly string[] } {
  const tree = makeTree(5_000)
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: tree.root,
      stdio: 'ignore',
    })
  }
  git('init', '-q', '-b', 'main')
  const changed = tree.names.slice(0, 3_500)
  const onlyMain = addFiles(tree.root, 750, 'only-main')
  git('add', '-A')
  git('commit', '-qm', 'main')
  git('checkout', '-qb', 'other')
  rmSync(join(tree.root, 'only-main'), { recursive: true })
  for (const name of changed) writeFileSync(join(tree.root, name), 'other')
  const onlyOther = addFiles(tree.root, 750, 'only-other')
  git('add', '-A')
  git('commit', '-qm', 'other')
  git('checkout', '-q', 'main')
  return { ...tree, differing: [...changed, ...onlyMain, ...onlyOther] }
}
