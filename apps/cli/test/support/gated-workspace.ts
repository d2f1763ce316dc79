import { eventually } from './eventually.ts'
import type { Program } from './program.ts'
import { Workspace } from './workspace.ts'

/**
 * A workspace whose builds a test holds and lets go. The build of NAME reads `src/NAME.txt` and
 * `shared/*.txt`, and `out/` of the targets that follow NAME on its command line, writes down in `builds.log` that it has begun, waits while there is a file
 * `hold-NAME`, and writes what it read to `out/NAME.txt`. It fails beside another build, and where
 * the source says BROKEN.
 */
export function gatedWorkspace(
  targets: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  top: Readonly<Record<string, unknown>> = {},
): Workspace {
  return Workspace.of({
    'singletrack.jsonc': JSON.stringify(
      {
        ...top,
        targets: Object.fromEntries(
          Object.entries(targets).map(([name, rest]) => [
            name,
            {
              watch: [`src/${name}.txt`, 'shared/**'],
              build: { command: ['node', 'build.mjs', name], outputs: [`out/${name}.txt`] },
              ...rest,
            },
          ]),
        ),
      },
      null,
      2,
    ),
    'build.mjs': BUILD,
    'builds.log': '',
    'shared/one.txt': 'shared 1',
    ...Object.fromEntries(Object.keys(targets).map((name) => [`src/${name}.txt`, '1'])),
  })
}

/** The builds that have begun, in order, each as `NAME INPUT`. */
export const begun = (workspace: Workspace): readonly string[] =>
  workspace
    .read('builds.log')
    .split('\n')
    .filter((line) => line !== '')

/** Waits until a build that begins with these words works. */
export async function works(workspace: Workspace, words: string): Promise<void> {
  await eventually(
    () => `a build of ${words}, not ${begun(workspace).join('; ')}`,
    () => (begun(workspace).some((line) => line.startsWith(words)) ? true : undefined),
  )
}

/** The targets whose builds began, in order, from an event on. */
export const built = (session: Program, from: number): readonly string[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'build-started' ? [event.target] : []))

const BUILD = `import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
const [, , name, ...needs] = process.argv
const free = () => rmSync('busy', { force: true })
// Exclusive creation: a second build at the same time fails and says so.
writeFileSync('busy', name, { flag: 'wx' })
process.on('SIGTERM', () => {
  free()
  process.exit(143)
})
try {
  const input = readFileSync('src/' + name + '.txt', 'utf8')
  const shared = readdirSync('shared').map((file) => readFileSync('shared/' + file, 'utf8'))
  appendFileSync('builds.log', name + ' ' + input + '\\n')
  while (existsSync('hold-' + name)) await sleep(10)
  if (input.includes('BROKEN')) {
    console.error('src/' + name + '.txt:1:1: BROKEN')
    process.exitCode = 1
  } else {
    mkdirSync('out', { recursive: true })
    const needed = needs.map((need) => '(' + readFileSync('out/' + need + '.txt', 'utf8') + ')')
    writeFileSync('out/' + name + '.txt', [input, ...shared, ...needed].join(','))
  }
} finally {
  free()
}
`
