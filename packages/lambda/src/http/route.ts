/** What a path of the shared listener means. */
export type Route =
  | { readonly kind: 'invoke'; readonly functionName: string; readonly qualifier?: string }
  | {
      readonly kind: 'invoke-streaming'
      readonly functionName: string
      readonly qualifier?: string
    }
  | {
      readonly kind: 'function-url'
      readonly functionName: string
      /** What follows the function's name, as it was sent; `/` if nothing does. */
      readonly rawPath: string
      readonly rawQueryString: string
    }
  | { readonly kind: 'runtime'; readonly functionName: string; readonly path: string }
  | { readonly kind: 'root' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unknown' }

/**
 * Finds out what a request target asks for. Pure: nothing is looked up. A function may have any
 * name, also one that is a segment of these paths: what follows the first segment tells them apart.
 * Only the Runtime API of a function called `lambda-url` has no address here; each process has one
 * of its own anyway.
 */
export function route(target: string): Route {
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const rawQueryString = mark === -1 ? '' : target.slice(mark + 1)
  const [, first = '', second, third, fourth, ...rest] = path.split('/')

  if (path === '/') return { kind: 'root' }
  if ((first === '2015-03-31' || first === '2021-11-15') && second === 'functions') {
    const action = first === '2015-03-31' ? 'invocations' : 'response-streaming-invocations'
    if (fourth !== action || rest.length > 0) return { kind: 'unknown' }
    const functionName = decode(third)
    if (functionName === undefined) return { kind: 'malformed' }
    const qualifier = new URLSearchParams(rawQueryString).get('Qualifier')
    return {
      kind: first === '2015-03-31' ? 'invoke' : 'invoke-streaming',
      functionName,
      ...(qualifier === null ? {} : { qualifier }),
    }
  }
  if (first === 'lambda-url') {
    const functionName = decode(second)
    if (functionName === undefined) return { kind: 'malformed' }
    const rawPath = `/${path.split('/').slice(3).join('/')}`
    return { kind: 'function-url', functionName, rawPath, rawQueryString }
  }
  if (second === '2018-06-01') {
    const functionName = decode(first)
    if (functionName === undefined) return { kind: 'malformed' }
    return { kind: 'runtime', functionName, path: `/${path.split('/').slice(2).join('/')}` }
  }
  return { kind: 'unknown' }
}

function decode(segment: string | undefined): string | undefined {
  if (segment === undefined || segment === '') return undefined
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
