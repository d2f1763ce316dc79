import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { createLogStore } from './create-log-store.ts'
import { logFileName } from './log-file-name.ts'
import { LogFile } from './log-file.ts'
import type { LogRecord } from './log-record.ts'
import { LogWriter } from './log-writer.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'singletrack-logs-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return join(folder, 'logs')
}

function record(line: string, changes: Partial<LogRecord> = {}): LogRecord {
  const time = '2026-11-21T08:00:00.000Z'
  return { time, target: 'api', source: 'run', stream: 'stdout', line, ...changes }
}

const at = (second: number): string => `2026-11-21T08:00:0${second}.000Z`

const linesOf = (records: readonly LogRecord[]): readonly string[] =>
  records.map(({ line }) => line)

test('what was appended is read back as it was', async () => {
  await using store = createLogStore(await temporaryFolder())
  const first = record('one', { stream: 'stderr', source: 'build', run: 3 })
  store.append(first)
  store.append(record('two'))
  expect(await store.read()).toEqual([first, record('two')])
})

test('another reader finds it after the session is gone', async () => {
  const folder = await temporaryFolder()
  const store = createLogStore(folder)
  store.append(record('one'))
  store.append(record('two', { target: '@scope/web' }))
  await store.close()
  await using reader = createLogStore(folder)
  expect(linesOf(await reader.read())).toEqual(['one', 'two'])
  expect(linesOf(await reader.read({ targets: ['@scope/web'] }))).toEqual(['two'])
})

test('a reader leaves no trace', async () => {
  const folder = await temporaryFolder()
  await using reader = createLogStore(folder)
  expect(await reader.read()).toEqual([])
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

test('files and their folder are private to the user', async () => {
  const folder = await temporaryFolder()
  await using store = createLogStore(folder)
  store.append(record('secret'))
  await store.flush()
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'api.ndjson'))).mode & 0o777).toBe(0o600)
})

test('queries choose by target, time and text without colors, the newest first to stay', async () => {
  await using store = createLogStore(await temporaryFolder())
  store.append(record('old', { time: '2026-11-21T07:00:00.000Z' }))
  store.append(record('\u001b[31merr\u001b[0mor a'))
  store.append(record('error b', { target: 'web' }))
  store.append(record('fine'))
  const since = Date.parse('2026-11-21T08:00:00.000Z')
  expect(linesOf(await store.read({ since }))).not.toContain('old')
  expect(linesOf(await store.read({ grep: /^error/g }))).toHaveLength(2)
  expect(linesOf(await store.read({ targets: ['web'] }))).toEqual(['error b'])
  expect(linesOf(await store.read({ limit: 2 }))).toEqual(['error b', 'fine'])
  expect(await store.read({ limit: 0 })).toEqual([])
})

test('what the ring has dropped is read from the files, once and in order', async () => {
  await using store = createLogStore(await temporaryFolder(), { ringLines: 3 })
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
  for (const line of lines) store.append(record(line))
  expect(linesOf(await store.read())).toEqual(lines)
  expect(linesOf(await store.read({ limit: 5 }))).toEqual(lines.slice(-5))
})

test('a talkative target does not hide what another’s ring has dropped', async () => {
  await using store = createLogStore(await temporaryFolder(), { ringCharacters: 100 })
  // "big" keeps its last line only, "small" all of them; the newest four are two of each.
  store.append(record('s0', { target: 'small', time: at(0) }))
  store.append(record('s1', { target: 'small', time: at(1) }))
  store.append(record('s2', { target: 'small', time: at(2) }))
  store.append(record('b'.repeat(99), { target: 'big', time: at(3) }))
  store.append(record('s4', { target: 'small', time: at(4) }))
  store.append(record('B'.repeat(99), { target: 'big', time: at(5) }))
  const read = linesOf(await store.read({ limit: 4 }))
  expect(read.map((line) => line.slice(0, 2))).toEqual(['s2', 'bb', 's4', 'BB'])
})

test('memory is bounded by size as well as by number', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, '..'), { recursive: true })
  // A file where the folder should be: nothing reaches the disk.
  await writeFile(folder, '')
  await using store = createLogStore(folder, { ringCharacters: 100 })
  for (let index = 0; index < 50; index += 1) store.append(record('x'.repeat(30)))
  expect(await store.read()).toHaveLength(3)
})

test('a line without end is cut', async () => {
  await using store = createLogStore(await temporaryFolder())
  store.append(record('x'.repeat(1_000_000)))
  const [read] = await store.read()
  expect(read?.line.length).toBeLessThan(70_000)
})

test('files stay below their bound, in two generations', async () => {
  const folder = await temporaryFolder()
  await using store = createLogStore(folder, { maxFileBytes: 4_096, ringLines: 1 })
  for (let index = 0; index < 200; index += 1) {
    store.append(record(`line ${index}`))
    // oxlint-disable-next-line no-await-in-loop -- each line in a write of its own
    await store.flush()
  }
  expect((await readdir(folder)).toSorted()).toEqual(['api.1.ndjson', 'api.ndjson'])
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  )
  for (const size of sizes) expect(size).toBeLessThan(4_096 + 500)
  const read = linesOf(await store.read())
  expect(read.at(-1)).toBe('line 199')
  expect(read.length).toBeGreaterThan(20)
})

test('a torn line does not take the next session’s first one with it', async () => {
  const folder = await temporaryFolder()
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'api.ndjson'), '{"time":"2026')
  await using store = createLogStore(folder)
  store.append(record('whole'))
  await store.flush()
  await using reader = createLogStore(folder)
  expect(linesOf(await reader.read())).toEqual(['whole'])
})

test('foreign lines in a file are passed over', async () => {
  const folder = await temporaryFolder()
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'api.ndjson'), 'null\n7\n{"line":1}\n[]\n\u0000\n')
  await using store = createLogStore(folder)
  expect(await store.read()).toEqual([])
})

test('a deleted folder is made again and nothing stops', async () => {
  const folder = await temporaryFolder()
  const warnings: string[] = []
  await using store = createLogStore(folder, { onWarning: (text) => warnings.push(text) })
  store.append(record('before'))
  await store.flush()
  await rm(folder, { recursive: true })
  store.append(record('after'))
  await store.flush()
  expect(await readFile(join(folder, 'api.ndjson'), 'utf8')).toContain('after')
  expect(linesOf(await store.read())).toEqual(['before', 'after'])
  expect(warnings).toEqual([])
})

test('files that cannot be written give one warning, and memory goes on', async () => {
  const folder = await temporaryFolder()
  await writeFile(folder, 'in the way')
  const warnings: string[] = []
  await using store = createLogStore(folder, { onWarning: (text) => warnings.push(text) })
  for (const line of ['one', 'two', 'three']) {
    store.append(record(line))
    // oxlint-disable-next-line no-await-in-loop -- each line in a write of its own
    await store.flush()
  }
  expect(warnings).toEqual([expect.stringContaining(`logs cannot be written to ${folder}: `)])
  expect(linesOf(await store.read())).toEqual(['one', 'two', 'three'])
})

// The device that is always full: only Linux has it.
test.runIf(process.platform === 'linux')('a full disk is told, and writing goes on', async () => {
  const errors: unknown[] = []
  const writer = new LogWriter(new LogFile('/dev/full', 4_096), (error) => errors.push(error))
  writer.push('one\n')
  await writer.flush()
  writer.push('two\n')
  await writer.close()
  expect(errors).toMatchObject([{ code: 'ENOSPC' }, { code: 'ENOSPC' }])
})

test('a disk that is slower than the output does not fill memory', () => {
  const writer = new LogWriter(new LogFile('/nowhere/x.ndjson', 4_096), () => undefined)
  let taken = 0
  while (taken < 1_000 && writer.push('x'.repeat(64 * 1024))) taken += 1
  expect(taken).toBe(64)
})

test('a link in the place of a log file is not written through', async () => {
  const folder = await temporaryFolder()
  await mkdir(folder, { recursive: true })
  const victim = join(folder, '..', 'victim')
  await writeFile(victim, 'untouched')
  await symlink(victim, join(folder, 'api.ndjson'))
  await using store = createLogStore(folder)
  store.append(record('evil'))
  await store.flush()
  expect(await readFile(victim, 'utf8')).toBe('untouched')
})

test('closing is final for the files and closing again is the same', async () => {
  const folder = await temporaryFolder()
  const store = createLogStore(folder)
  store.append(record('one'))
  await Promise.all([store.close(), store.close()])
  store.append(record('late'))
  await store.flush()
  expect(linesOf(await store.read())).toEqual(['one', 'late'])
  expect(await readFile(join(folder, 'api.ndjson'), 'utf8')).not.toContain('late')
})

test('names of targets become names of files, each its own', () => {
  const names = [
    'api',
    'API',
    '@x/a',
    '@x_a',
    '..',
    '../a',
    'a/b',
    'con',
    'a.1',
    'a.',
    '.a',
    'é',
    'x'.repeat(300),
  ]
  const files = names.map(logFileName)
  expect(files[0]).toBe('api')
  expect(new Set(files.map((name) => name.toLowerCase())).size).toBe(names.length)
  for (const file of files) expect(file).toMatch(/^[a-z0-9_][a-z0-9._-]{0,100}$/)
})
