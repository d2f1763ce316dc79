import { didYouMean } from '../schema/nearest-name.ts'

/** What the placeholders of one target stand for. */
export interface Scope {
  readonly name: string
  /** Absolute. */
  readonly cwd: string
  readonly port: number | null
  variable(name: string): string | undefined
}

export interface PlaceholderFault {
  readonly message: string
  readonly remedy: string | null
}

const placeholder = /\$\$\{|\$\{(?<key>[^{}]*)\}/g

/** Replaces `${name}`, `${port}`, `${cwd}` and `${env:X}`; `$${` is a literal `${`. */
export function substitute(
  text: string,
  scope: Scope,
  report: (fault: PlaceholderFault) => void,
): string {
  return text.replace(placeholder, (whole, key: string | undefined) => {
    if (key === undefined) return '${'
    const result = valueOf(key, scope)
    if (typeof result === 'string') return result
    report(result)
    return whole
  })
}

/** A text in which nothing is a placeholder. */
export function escapePlaceholders(text: string): string {
  return text.replaceAll('${', () => '$${')
}

function valueOf(key: string, scope: Scope): string | PlaceholderFault {
  switch (key) {
    case 'name':
      return scope.name
    case 'cwd':
      return scope.cwd
    case 'port':
      if (scope.port !== null) return String(scope.port)
      return { message: '"${port}" stands for no port', remedy: 'set "run.port" of this target' }
    default:
      if (key.startsWith('env:')) return variable(key.slice(4), scope)
      return unknown(key)
  }
}

function variable(name: string, scope: Scope): string | PlaceholderFault {
  return (
    scope.variable(name) ?? {
      message: `the variable ${name} is not set`,
      remedy: 'set it, or name it in "env" or "envFile"',
    }
  )
}

function unknown(key: string): PlaceholderFault {
  const message = `unknown placeholder "\${${key}}"`
  const nearest = didYouMean(key, ['name', 'port', 'cwd'], '')
  if (nearest?.startsWith('did') === true)
    return { message, remedy: nearest.replace(/"(.*)"/, '"${$1}"') }
  const isVariable = /^[A-Z_][A-Z0-9_]*$/.test(key)
  return {
    message,
    remedy: isVariable
      ? `write "\${env:${key}}" for the variable, or "$\${${key}}" to pass it on`
      : 'known: ${name}, ${port}, ${cwd}, ${env:NAME}; "$${" is a literal "${"',
  }
}
