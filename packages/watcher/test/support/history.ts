import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'

import * as fc from 'fast-check'

/** One thing a program does to a tree. Whatever the tree does not allow is skipped. */
export type Step =
  | {
      readonly do: 'write' | 'append' | 'save' | 'mkdir' | 'remove' | 'link' | 'chmod'
      readonly at: string
    }
  | { readonly do: 'rename' | 'copy'; readonly at: string; readonly to: string }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'replace-root' }

const name = fc.constantFrom('a', 'b', 'c')
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('write', 'append', 'save', 'mkdir', 'remove', 'link', 'chmod'),
      at: path,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('rename', 'copy'), at: path, to: path }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pause'), ms: fc.constantFrom(0, 0, 1, 5, 30) }),
  },
)

/** A history; `rounds` of it are held against the disk one by one. */
export const histories: fc.Arbitrary<Step[][]> = fc.array(
  fc.array(
    fc.oneof(
      { weight: 60, arbitrary: step },
      { weight: 1, arbitrary: fc.constant({ do: 'replace-root' } as const) },
    ),
    {
      minLength: 1,
      maxLength: 25,
    },
  ),
  { minLength: 1, maxLength: 4 },
)

/** Does all steps of a round, in real time. */
export async function perform(root: string, steps: readonly Step[]): Promise<void> {
  for (const [at, one] of steps.entries()) {
    if (one.do === 'pause') await (one.ms === 0 ? nextTurn() : pause(one.ms))
    else attempt(() => performStep(root, one, at))
  }
}

function performStep(root: string, one: Exclude<Step, { do: 'pause' }>, at: number): void {
  if (one.do === 'replace-root') {
    rmSync(root, { recursive: true, force: true })
    mkdirSync(root)
    return
  }
  const file = join(root, one.at)
  switch (one.do) {
    case 'write':
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${at}`)
      return
    case 'append':
      appendFileSync(file, `${at}`)
      return
    case 'save':
      writeFileSync(`${file}~`, `${at}`)
      renameSync(`${file}~`, file)
      return
    case 'mkdir':
      mkdirSync(file, { recursive: true })
      return
    case 'remove':
      rmSync(file, { recursive: true, force: true })
      return
    case 'link':
      symlinkSync(at % 2 === 0 ? '..' : 'nowhere', file)
      return
    case 'chmod':
      chmodSync(file, at % 2 === 0 ? 0o700 : 0o755)
      return
    case 'rename':
      renameSync(file, join(root, one.to))
      return
    case 'copy':
      copy(file, join(root, one.to))
  }
}

/** `cpSync` ends the whole process where a file is in the way of a directory. */
function copy(from: string, to: string): void {
  if (!lstatSync(from).isDirectory()) {
    writeFileSync(to, readFileSync(from))
    return
  }
  // A copy into itself would never end.
  const names = readdirSync(from)
  if (`${to}/`.startsWith(`${from}/`)) return
  mkdirSync(to, { recursive: true })
  for (const child of names) copy(join(from, child), join(to, child))
}

function attempt(act: () => void): void {
  try {
    act()
  } catch (error) {
    const known = error instanceof Error && 'code' in error
    if (!known) throw error
  }
}
