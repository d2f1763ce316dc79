import { readFileSync, statfsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Finding, ok, problem, warning } from './finding.ts'

/** The oldest Node that the watcher runs on. */
const OLDEST_NODE = [22, 22] as const
/** Enough for a large workspace beside an editor; the kernel's small default is 8,192. */
const FEW_WATCHES = 65_536
const FEW_INSTANCES = 128
const RAISE_WATCHES = 'sudo sysctl fs.inotify.max_user_watches=524288'
/** A file that is made now may not be further from now than this. */
const CLOCK_TOLERANCE_MS = 2_000

/** File systems on which the changes of other machines raise no events; numbers as in statfs(2). */
const REMOTE_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
  [0x786f4256, 'VirtualBox shared folders'],
])

export function versions(own: string): Finding {
  const text = `singletrack ${own}, Node ${process.versions.node}, ${process.platform} ${process.arch}`
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  return isOld
    ? problem('versions', text, `use Node ${OLDEST_NODE.join('.')} or later`)
    : ok('versions', text)
}

export function watchLimits(read: (path: string) => string | null = readOrNull): Finding {
  const limit = (name: string): number | null => {
    const text = read(`/proc/sys/fs/inotify/${name}`)
    return text === null ? null : Number(text.trim())
  }
  const watches = limit('max_user_watches')
  const instances = limit('max_user_instances')
  if (watches === null || instances === null) return ok('watch-limits', 'this system names none')
  const text = `${watches} watches and ${instances} watchers for each user`
  if (watches < FEW_WATCHES) return warning('watch-limits', text, RAISE_WATCHES)
  if (instances < FEW_INSTANCES) {
    return warning('watch-limits', text, 'sudo sysctl fs.inotify.max_user_instances=512')
  }
  return ok('watch-limits', text)
}

export function fileSystem(root: string): Finding {
  const name = REMOTE_FILE_SYSTEMS.get(statfsSync(root).type)
  if (name === undefined) return ok('file-system', `${root} is on a local file system`)
  return warning(
    'file-system',
    `${root} is on ${name}, where the changes of other machines raise no events`,
    'set "watcher": { "poll": true }, or work on a local copy',
  )
}

/** Compares the time of a new file with the clock; they differ on file systems of other machines. */
export async function clock(
  folder: string = tmpdir(),
  now: () => number = Date.now,
): Promise<Finding> {
  const probe = await mkdtemp(join(folder, '.singletrack-clock-'))
  try {
    const differenceMs = Math.abs(statSync(probe).mtimeMs - now())
    if (differenceMs <= CLOCK_TOLERANCE_MS)
      return ok('clock', 'files and this machine agree on the time')
    return warning(
      'clock',
      `files in ${folder} are ${Math.round(differenceMs / 1_000)} s away from the clock of this machine`,
      'set both clocks by the same time server',
    )
  } finally {
    await rm(probe, { recursive: true, force: true })
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
