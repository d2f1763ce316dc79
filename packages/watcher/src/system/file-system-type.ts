import { statfsSync } from 'node:fs'

/**
 * File systems whose changes do not reach the kernel's watches, at least not those made by another
 * machine or by the host: `f_type` of statfs(2).
 */
const FOREIGN: ReadonlyMap<number, string> = new Map([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x01021997, '9p'],
  [0x65735546, 'fuse'],
  [0x00c36400, 'ceph'],
  [0x5346414f, 'afs'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
  [0x7c7c6673, 'prl_fs'],
])

/** The name of the file system if its events cannot be trusted, else `undefined`. */
export function foreignFileSystem(
  path: string,
  typeOf: (path: string) => number = readType,
): string | undefined {
  try {
    // Some kernels report the number sign-extended.
    return FOREIGN.get(typeOf(path) >>> 0)
  } catch {
    return undefined
  }
}

function readType(path: string): number {
  return process.platform === 'linux' ? statfsSync(path).type : 0
}
