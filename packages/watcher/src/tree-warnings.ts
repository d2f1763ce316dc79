import type { RootWarning, SnapshotWarning, UnreadableWarning } from './warnings.ts'

/** The root vanished, or is back. */
export function rootWarning(root: string, kind: 'add' | 'unlink'): RootWarning {
  return kind === 'unlink'
    ? {
        code: 'ROOT_REMOVED',
        message: `${root} was removed; it will be watched again when it is back`,
        path: root,
      }
    : { code: 'ROOT_RESTORED', message: `${root} is there and being watched`, path: root }
}

/** A directory cannot be listed. */
export function unreadableWarning(path: string, cause: NodeJS.ErrnoException): UnreadableWarning {
  return {
    code: 'UNREADABLE_DIRECTORY',
    message: `${path} cannot be listed (${cause.code ?? cause.message}); it is tried again, its changes are not seen meanwhile`,
    path,
    cause,
  }
}

/** The file of the option `snapshot` cannot be used. */
export function snapshotWarning(path: string, problem: string): SnapshotWarning {
  return {
    code: 'SNAPSHOT_UNUSABLE',
    message: `the snapshot ${path} cannot be used: ${problem}; anything may have changed since`,
    path,
  }
}
