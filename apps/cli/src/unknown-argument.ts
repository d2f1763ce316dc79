import { Failure } from './failure.ts'

/** Finds the known name that was probably meant. */
export type NearestName = (name: string, known: Iterable<string>) => string | null

/**
 * The names in what the parser says of arguments that it does not know; none when it says
 * something else. It names an option by its letters alone, and `--on-bsy` also as `onBsy`.
 */
export function unknownNames(message: string): readonly string[] {
  const names = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ') ?? []
  return names.filter((name) => !names.some((other) => other !== name && camelCase(other) === name))
}

/** Says which argument is not known, and what was probably meant or where to look. */
export function unknownArgument(
  names: readonly string[],
  argv: readonly string[],
  help: string,
  nearestName: NearestName,
): Failure {
  const known = [...help.matchAll(/(?<=\s)--([a-z][a-z-]*)/g)].map(([, option = '']) => option)
  const more = `"${commandOf(help)} --help" lists what there is`
  const [name = ''] = names
  const option = argv.find((each) => each.split('=', 1)[0]?.replace(/^--?/, '') === name)
  const isOption = option?.startsWith('-') === true
  if (!isOption) {
    const what = commandOf(help) === 'singletrack' ? 'no command' : 'no place for'
    return new Failure('USAGE', `there is ${what} "${name}"; ${more}`)
  }
  const [written = ''] = option.split('=', 1)
  const nearest = nearestName(name.replace(/^no-/, ''), known)
  const meant = nearest === null ? more : `did you mean --${nearest}? ${more}`
  return new Failure('USAGE', `there is no option ${written}; ${meant}`)
}

/** The words of the first line of a help text that stand for themselves. */
function commandOf(help: string): string {
  const [usage = ''] = help.split('\n', 1)
  return /^[\w-]+(?: [a-z][\w-]*)*/.exec(usage)?.[0] ?? 'singletrack'
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
