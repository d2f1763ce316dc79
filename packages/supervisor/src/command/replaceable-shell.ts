/**
 * Words that a POSIX shell, or bash or zsh, handles by itself. `exec cd` would look for a program
 * of that name, and `exec time make` would run another `time` than the line asks for.
 */
const shellWords: ReadonlySet<string> = new Set(
  (
    'alias bg bind break builtin caller case cd command compgen complete compopt continue coproc ' +
    'declare dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi ' +
    'for function getopts hash help history if in jobs kill let local logout mapfile popd printf ' +
    'pushd pwd read readarray readonly return select set shift shopt source suspend test then ' +
    'time times trap true type typeset ulimit umask unalias unset until wait while . : [ [['
  ).split(' '),
)

const plainLine = /^[A-Za-z0-9_./@%+,:-]+( [A-Za-z0-9_./@%+,:=-]+)*$/

/**
 * Whether a shell that runs this line may be replaced by the line's program (`exec line`), so that
 * signals and the exit status are the program's own. Only for a line of plain words that begins
 * with a program: anything else (quotes, variables, `&&`, redirections, builtins, assignments)
 * keeps its shell, because `exec` would change what it means.
 *
 * @param isProgram whether a word is an executable file, on `PATH` or by its path
 */
export function isReplaceableShellLine(
  line: string,
  isProgram: (word: string) => boolean,
): boolean {
  if (!plainLine.test(line)) return false
  const first = line.split(' ', 1)[0] ?? ''
  return !shellWords.has(first) && isProgram(first)
}
