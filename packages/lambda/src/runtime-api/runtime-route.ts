/** What a runtime client asks for. */
export type RuntimeRoute =
  | { readonly kind: 'next' }
  | { readonly kind: 'response'; readonly invocationId: string }
  | { readonly kind: 'error'; readonly invocationId: string }
  | { readonly kind: 'init-error' }
  | { readonly kind: 'unknown' }

/** Pure; `path` begins with `/2018-06-01/`. */
export function runtimeRoute(method: string, path: string): RuntimeRoute {
  const [, version, runtime, area, id, action, ...rest] = path.split('/')
  if (version !== '2018-06-01' || runtime !== 'runtime' || rest.length > 0) {
    return { kind: 'unknown' }
  }
  if (method === 'GET' && area === 'invocation' && id === 'next' && action === undefined) {
    return { kind: 'next' }
  }
  if (method !== 'POST') return { kind: 'unknown' }
  if (area === 'init' && id === 'error' && action === undefined) return { kind: 'init-error' }
  if (area !== 'invocation' || id === undefined || id === '') return { kind: 'unknown' }
  if (action === 'response') return { kind: 'response', invocationId: id }
  if (action === 'error') return { kind: 'error', invocationId: id }
  return { kind: 'unknown' }
}
