import { basename, relative, resolve, sep } from 'node:path'

import { type Target, escapeGlob } from '../configuration/index.ts'

/**
 * The target with the program that cargo says it has made, where that is not the one that was
 * expected: `build.target` of Cargo's own configuration, or `--release` in the command, moves it.
 * A target that runs something else than its one output is left as it is.
 *
 * @param executable absolute
 * @param root of the workspace, to which outputs are relative
 */
export function followExecutable(target: Target, executable: string, root: string): Target {
  const { run, outputs, cwd } = target
  if (run?.command.kind !== 'exec') return target
  const [program, ...rest] = run.command.argv
  const expected = resolve(cwd, program)
  const isItsOutput = outputs.length === 1 && outputs[0] === globOf(root, expected)
  if (!isItsOutput || basename(expected) !== basename(executable) || expected === executable)
    return target
  return {
    ...target,
    outputs: [globOf(root, executable)],
    run: { ...run, command: { kind: 'exec', argv: [executable, ...rest] } },
  }
}

const globOf = (root: string, file: string): string =>
  escapeGlob(relative(root, file).split(sep).join('/'))
