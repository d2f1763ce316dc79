import type { Argv } from 'yargs'

/**
 * Has yargs not work out the help of each command that it runs, which it does in case the command
 * asks for it later: ours don't, and it takes more time than all the rest of a small command. A
 * yargs that has no such method any more is left as it is.
 */
export function withoutHelpOfRunningCommand<Arguments>(program: Argv<Arguments>): Argv<Arguments> {
  const usage = usageOf(program)
  if (usage !== null) Object.assign(usage, { cacheHelpMessage: () => undefined })
  return program
}

/** The part of yargs that makes help, if it is where it was. */
export function usageOf(program: object): object | null {
  const methods = resultOf(program, 'getInternalMethods')
  const usage = methods === null ? null : resultOf(methods, 'getUsageInstance')
  return usage !== null && 'cacheHelpMessage' in usage ? usage : null
}

function resultOf(owner: object, name: string): object | null {
  const method: unknown = Reflect.get(owner, name)
  if (typeof method !== 'function') return null
  const result: unknown = method.call(owner)
  return typeof result === 'object' ? result : null
}
