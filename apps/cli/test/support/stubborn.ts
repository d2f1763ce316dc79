import { fileURLToPath } from 'node:url'

import { Workspace } from './workspace.ts'

/** A program that is hard to end, in the ways that it lists. */
export const STUBBORN: string = fileURLToPath(new URL('../fixtures/stubborn.mjs', import.meta.url))

/** A workspace whose targets, named like what they do, are started with `node stubborn.mjs WHAT`. */
export function stubbornWorkspace(
  hows: readonly string[],
  { grace = '400ms' }: { readonly grace?: string } = {},
): Workspace {
  const targets = Object.fromEntries(
    hows.map((how) => [
      how,
      {
        watch: [`${how}.txt`],
        run: {
          command: ['node', STUBBORN, how],
          ready: { output: '^up ' },
          stop: { grace },
        },
      },
    ]),
  )
  return Workspace.of({
    'singletrack.jsonc': JSON.stringify({ targets }, null, 2),
    ...Object.fromEntries(hows.map((how) => [`${how}.txt`, '1'])),
  })
}
