import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { type SubjectProcess, startSubject } from './subject-process.ts'
import type { SubjectName, SubjectStats, Told } from './subject.ts'
import { type BenchmarkTree, makeRepository } from './trees.ts'

/** One start in a process of its own. */
export async function measureStart(
  name: SubjectName,
  root: string,
  targets = 1,
): Promise<SubjectStats> {
  await using subject = await startSubject(name, root, targets)
  return await subject.stats()
}

/** The share of a core, in percent, that a watcher takes while nothing happens. */
export async function measureIdle(name: SubjectName, root: string): Promise<number> {
  await using subject = await startSettled(name, root, 50)
  const before = await subject.cpuMs()
  await pause(IDLE_MS)
  const after = await subject.cpuMs()
  return ((after - before) / IDLE_MS) * 100
}

const IDLE_MS = 10_000

/** What the start left to collect and to close is no part of what comes after it. */
const SETTLING_MS = 2_000

export interface Latency {
  readonly p50: number
  readonly p99: number
  readonly cpuMsPerEdit: number
  readonly missed: number
}

/**
 * A watcher whose start is over in every respect. Whether V8 is in the middle of a collection then,
 * which makes all code slower and may last for minutes, is chance: it is made to finish.
 */
async function startSettled(
  name: SubjectName,
  root: string,
  targets: number,
): Promise<SubjectProcess> {
  await using stack = new AsyncDisposableStack()
  const subject = stack.use(await startSubject(name, root, targets))
  await subject.collect()
  await pause(SETTLING_MS)
  stack.move()
  return subject
}

/** Time from a write to the callback: 200 edits, 50 ms apart, which is a quiet time each. */
export async function measureLatency(
  name: SubjectName,
  tree: BenchmarkTree,
  targets: number,
): Promise<Latency> {
  await using subject = await startSettled(name, tree.root, targets)
  const before = await subject.cpuMs()
  const edited = new Map<string, number>()
  for (let at = 0; at < 200; at += 1) {
    const file = tree.names[at * 7] ?? ''
    edited.set(file, performance.timeOrigin + performance.now())
    writeFileSync(join(tree.root, file), `${at}`)
    await pause(50)
  }
  const after = await subject.cpuMs()
  const { told } = await quiet(subject)
  const first = new Map<string, number>()
  for (const { path, at } of told) if (!first.has(path)) first.set(path, at)
  const delays = [...edited].map(([file, at]) => (first.get(file) ?? Number.NaN) - at)
  const known = delays.filter((delay) => !Number.isNaN(delay)).toSorted((a, b) => a - b)
  return {
    p50: known[Math.floor(known.length * 0.5)] ?? Number.NaN,
    p99: known[Math.floor(known.length * 0.99)] ?? Number.NaN,
    cpuMsPerEdit: (after - before) / edited.size,
    missed: delays.length - known.length,
  }
}

/** CPU time, in milliseconds, of 500 edits at once. */
export async function measureBurst(
  name: SubjectName,
  tree: BenchmarkTree,
  targets: number,
): Promise<number> {
  await using subject = await startSettled(name, tree.root, targets)
  const before = await subject.cpuMs()
  for (const file of tree.names.slice(0, 500)) writeFileSync(join(tree.root, file), 'burst')
  await quiet(subject)
  return (await subject.cpuMs()) - before
}

export interface Loss {
  readonly expected: number
  readonly missed: number
  readonly duplicates: number
  readonly batches: number
  /** From the end of what happened to the last path that was told. */
  readonly toldMs: number
  readonly cpuMs: number
  /** In milliseconds of CPU: what others take of the machine does not count. */
  readonly stallCpuMs: number
  readonly stallMs: number
}

/** Edits while the process is stopped: the kernel's queue overflows. */
export async function measureStopped(
  name: SubjectName,
  tree: BenchmarkTree,
  count: number,
): Promise<Loss> {
  const files = tree.names.slice(0, count)
  return measureLoss(name, tree.root, files, (subject) => {
    subject.signal('SIGSTOP')
    for (const file of files) writeFileSync(join(tree.root, file), 'edited')
    subject.signal('SIGCONT')
  })
}

/** Deletes everything at once. */
export async function measureRemoval(name: SubjectName, tree: BenchmarkTree): Promise<Loss> {
  return measureLoss(name, tree.root, tree.names, () => {
    for (const top of new Set(tree.names.map((file) => file.split('/')[0] ?? ''))) {
      rmSync(join(tree.root, top), { recursive: true })
    }
  })
}

/** One `git checkout` of another branch. */
export async function measureCheckout(name: SubjectName): Promise<Loss> {
  using repository = makeRepository()
  return await measureLoss(name, repository.root, repository.differing, () => {
    execFileSync('git', ['checkout', '-q', 'other'], { cwd: repository.root })
  })
}

async function measureLoss(
  name: SubjectName,
  root: string,
  files: readonly string[],
  act: (subject: SubjectProcess) => void,
): Promise<Loss> {
  await using subject = await startSubject(name, root)
  await subject.stall()
  const before = await subject.cpuMs()
  act(subject)
  const endedAt = performance.timeOrigin + performance.now()
  const { told, batches } = await quiet(subject)
  const cpuMs = (await subject.cpuMs()) - before
  const stall = await subject.stall()
  // A stopped or busy process may be quiet without being done.
  await subject.sync()
  const late = await subject.named()
  told.push(...late.told)
  const wanted = new Set(files)
  const seen = told.map(({ path }) => path).filter((path) => wanted.has(path))
  const distinct = new Set(seen).size
  return {
    expected: files.length,
    missed: files.length - distinct,
    duplicates: seen.length - distinct,
    batches: batches + late.batches,
    toldMs: Math.max(0, ...told.slice(-1).map(({ at }) => at - endedAt)),
    cpuMs,
    stallCpuMs: stall.cpuMs,
    stallMs: stall.wallMs,
  }
}

/** Everything told until nothing more comes for a second. */
async function quiet(
  subject: SubjectProcess,
): Promise<{ readonly told: Told[]; readonly batches: number }> {
  const told: Told[] = []
  let batches = 0
  for (let silent = 0; silent < 2;) {
    await pause(500)
    const more = await subject.named()
    told.push(...more.told)
    batches += more.batches
    silent = more.told.length === 0 ? silent + 1 : 0
  }
  return { told, batches }
}
