/** A lock that is held, from `/proc/locks` (see proc_locks(5)). */
export interface ProcLock {
  /** Minus one for locks that belong to an open file instead of a process. */
  readonly pid: number
  readonly major: number
  readonly minor: number
  readonly inode: bigint
}

/** All locks that are held in the text of `/proc/locks`; those who wait for one are left out. */
export function parseProcLocks(text: string): readonly ProcLock[] {
  const locks: ProcLock[] = []
  for (const line of text.split('\n')) {
    // 1: FLOCK  ADVISORY  WRITE 4021 08:01:131074 0 EOF   (a waiter has "->" as its second word)
    const match =
      /^\d+: (?:FLOCK|POSIX|OFDLCK)\s+\S+\s+\S+\s+(-?\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line)
    if (match === null) continue
    const [, pid = '', major = '', minor = '', inode = ''] = match
    locks.push({
      pid: Number(pid),
      major: Number.parseInt(major, 16),
      minor: Number.parseInt(minor, 16),
      inode: BigInt(inode),
    })
  }
  return locks
}

/** Splits a device number the way glibc's makedev(3) packs it. */
export function deviceNumbers(device: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn & 0xffffffffn)),
    minor: Number((device & 0xffn) | ((device >> 12n) & ~0xffn & 0xffffffffn)),
  }
}
