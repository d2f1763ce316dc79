import { execFileSync } from 'node:child_process'

import type { SubjectName } from './subject.ts'

/** The same package over its two backends. */
export const OURS = ['inotify', 'chokidar'] as const

export const LIBRARIES: readonly SubjectName[] = [...OURS, 'raw-chokidar', 'parcel']

/** Programs that are measured where they are installed. */
const PROGRAMS = ['watchman', 'inotifywait'] as const

export const LABELS: Readonly<Record<SubjectName, string>> = {
  nothing: 'nothing',
  inotify: '@singletrack/watcher (inotify)',
  worker: '@singletrack/watcher (inotify, worker)',
  chokidar: '@singletrack/watcher (chokidar)',
  'raw-chokidar': 'chokidar 6',
  parcel: '@parcel/watcher',
  watchman: 'watchman and its client',
  inotifywait: 'inotifywait and its pipe',
}

/** Which of the programs are there, and which are not. */
export function findPrograms(): {
  readonly installed: readonly SubjectName[]
  readonly missing: readonly SubjectName[]
} {
  const installed = PROGRAMS.filter((tool) => isInstalled(tool))
  return { installed, missing: PROGRAMS.filter((tool) => !installed.includes(tool)) }
}

export function isOurs(name: SubjectName): boolean {
  return name === 'inotify' || name === 'worker' || name === 'chokidar'
}

/** A program of its own has no node in it, and no event loop to look at. */
export function isProgram(name: SubjectName): boolean {
  return name === 'watchman' || name === 'inotifywait'
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync('which', [tool], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
