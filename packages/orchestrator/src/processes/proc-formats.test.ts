import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { printableCommand } from './printable-command.ts'
import { readListening } from './proc-listening.ts'
import { deviceNumbers, parseProcLocks } from './proc-locks.ts'
import { listeningInodes } from './proc-sockets.ts'
import { isRunning, parseProcStat } from './proc-stat.ts'
import { markIn, parsePsRow } from './ps-table.ts'

const rest = '0 0 0 0 20 0 1 0 4711 1000000 200 18446744073709551615'
const statLine = (name: string, state: string): string =>
  `42 (${name}) ${state} 1 40 40 0 -1 4194560 100 0 0 0 ${rest}`

test('a process is read whatever its name is', () => {
  for (const name of ['node', 'a) Z 1 (b', '(((', 'new\nline', '']) {
    expect(parseProcStat(statLine(name, 'S'))).toEqual({
      pid: 42,
      name,
      state: 'S',
      parent: 1,
      pgid: 40,
      threads: 1,
      startTicks: 4711,
    })
  }
})

test('what is no process is none', () => {
  for (const text of ['', '42', '42 (node', '42 (node) S 1', ') (']) {
    expect(parseProcStat(text)).toBeNull()
  }
})

test('a zombie does not run, unless its threads do', () => {
  const stat = parseProcStat(statLine('x', 'Z'))
  if (stat === null) throw new Error('not parsed')
  expect(isRunning(stat)).toBe(false)
  expect(isRunning({ ...stat, threads: 2 })).toBe(true)
  expect(isRunning({ ...stat, state: 'T' })).toBe(true)
  expect(isRunning({ ...stat, state: 'X' })).toBe(false)
})

test('only sockets that listen on the very port count', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11111 1
   1: 0100007F:0BB9 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 22222 1
   2: 00000000000000000000000000000000:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 33333 1
   3: 0100007F:1BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 44444 1
`
  expect(listeningInodes(text, 3001)).toEqual(['11111', '33333'])
  expect(listeningInodes('', 3001)).toEqual([])
})

test('who listens is read up to the first connection, and no further', () => {
  const folder = mkdtempSync(join(tmpdir(), 'singletrack-net-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'tcp')
  const heading = '  sl  local_address rem_address   st tx_queue rx_queue\n'
  const listening = Array.from({ length: 100 }, (_, index) => socketLine(index, '0A')).join('')
  writeFileSync(file, `${heading}${listening}${socketLine(100, '01')}${socketLine(101, '0A')}`)
  expect(readListening(file)).toBe(heading + listening)
  writeFileSync(file, heading + listening)
  expect(readListening(file)).toBe(heading + listening)
  writeFileSync(file, heading)
  expect(readListening(file)).toBe(heading)
  expect(readListening(join(folder, 'none'))).toBeNull()
})

function socketLine(index: number, state: string): string {
  return `${index}: 0100007F:0BB9 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 ${index} 1\n`
}

test('locks that are held are read, those waited for are not', () => {
  const text = `1: FLOCK  ADVISORY  WRITE 4021 fe:00:9986501 0 EOF
1: -> FLOCK  ADVISORY  WRITE 4022 fe:00:9986501 0 EOF
2: POSIX  ADVISORY  READ 99 08:1f:131074 0 EOF
3: OFDLCK ADVISORY  WRITE -1 00:2a:7 0 EOF
4: LEASE  ACTIVE    READ 5 00:2a:7 0 EOF
`
  expect(parseProcLocks(text)).toEqual([
    { pid: 4021, major: 0xfe, minor: 0, inode: 9_986_501n },
    { pid: 99, major: 8, minor: 0x1f, inode: 131_074n },
    { pid: -1, major: 0, minor: 0x2a, inode: 7n },
  ])
})

test('device numbers are taken apart as makedev puts them together', () => {
  expect(deviceNumbers(0xfe00n)).toEqual({ major: 0xfe, minor: 0 })
  expect(deviceNumbers(0x2an)).toEqual({ major: 0, minor: 0x2a })
  // makedev(0x12345, 0x6789a)
  expect(deviceNumbers(0x12_0006_7834_59an)).toEqual(expectedDevice(0x12_0006_7834_59an))
})

/** The macros of glibc's <sys/sysmacros.h>, word for word. */
function expectedDevice(device: bigint): { readonly major: number; readonly minor: number } {
  const major = ((device & 0x00000000000fff00n) >> 8n) | ((device & 0xfffff00000000000n) >> 32n)
  const minor = (device & 0x00000000000000ffn) | ((device & 0x00000ffffff00000n) >> 12n)
  return { major: Number(major), minor: Number(minor) }
}

test('a row of ps is read with its five words of start time', () => {
  const row = '  4021  4000 Ss+  Sat Nov 21 08:16:10 2026 node server.js --x  y'
  expect(parsePsRow(row)).toEqual({
    pid: 4021,
    pgid: 4000,
    state: 'Ss+',
    startTime: 'Sat Nov 21 08:16:10 2026',
    command: 'node server.js --x  y',
  })
  expect(parsePsRow('')).toBeNull()
  expect(parsePsRow('PID PGID STAT STARTED COMMAND')).toBeNull()
})

test('a mark is read from the environment behind a command line', () => {
  const command = 'sh -c SINGLETRACK_JOB=argument x HOME=/home/x SINGLETRACK_JOB=nonce TERM=dumb'
  expect(markIn(command, 'SINGLETRACK_JOB')).toBe('nonce')
  expect(markIn(command, 'SINGLETRACK')).toBeNull()
})

test('a command line is made fit for a terminal', () => {
  expect(printableCommand(['node', 'a\u001b[31m\u0007.js', '\u202egpj', 'b\nc'])).toBe(
    'node a [31m .js gpj b c',
  )
  expect(printableCommand(['x'.repeat(500)])).toHaveLength(120)
})
