import { type Stats, lstatSync, statSync } from 'node:fs'

import { isAbove, parentOf } from '../paths.ts'

/** What is at a path. `undefined`: nothing; `unknown`: the system does not say. */
export type Sight = Stats | undefined | 'unknown'

/** Looks at an entry of the tree as its options say. */
export function lookFrom(
  path: string,
  { root, followSymlinks }: { readonly root: string; readonly followSymlinks: boolean },
): Sight {
  // The way to the root, and the root, may be links whatever the option says.
  const mayBeOnTheWay = path.length <= root.length
  if (mayBeOnTheWay && (path === root || isAbove(path, root))) return lookThrough(path)
  return followSymlinks ? lookThroughUnlessLoop(path) : lookAt(path)
}

/** An error that is thrown costs more than the look. */
const QUIETLY = { throwIfNoEntry: false } as const

/** Looks at the entry itself, not at what a link leads to. */
function lookAt(path: string): Sight {
  try {
    return lstatSync(path, QUIETLY)
  } catch {
    return 'unknown'
  }
}

/** Looks at what a link leads to. */
export function lookThrough(path: string): Sight {
  return guarded(() => statSync(path, QUIETLY))
}

/** As `lookThrough`; a link that leads nowhere, or to a directory that it is in, is a link. */
function lookThroughUnlessLoop(path: string): Sight {
  return guarded(() => {
    const own = lstatSync(path, QUIETLY)
    if (own === undefined || !own.isSymbolicLink()) return own
    const target = statSync(path, QUIETLY)
    if (target === undefined) return own
    if (!target.isDirectory()) return target
    for (let at = parentOf(path); at !== undefined; at = parentOf(at)) {
      const above = statSync(at, QUIETLY)
      if (above !== undefined && above.ino === target.ino && above.dev === target.dev) return own
    }
    return target
  })
}

function guarded(look: () => Stats | undefined): Sight {
  try {
    return look()
  } catch {
    // Neither there nor gone: no permission, too many links, a name too long, an I/O error.
    return 'unknown'
  }
}
