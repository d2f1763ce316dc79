import { isIP } from 'node:net'

/** The headers by which a request is let in or not. */
export interface Credentials {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
}

/** Host names and origins that are allowed beside this machine's own. */
export interface GuardPolicy {
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/**
 * Why a request is refused, or undefined. The emulator runs programs on request and a browser sends
 * requests for any page: a page of a name that was rebound to 127.0.0.1 is known by its `Host`, a
 * page of another site by its `Origin` or, where a browser sends none, `Sec-Fetch-Site`.
 * Programs other than browsers send neither and are let in.
 */
export function refusal(credentials: Credentials, policy: GuardPolicy): string | undefined {
  const { host, origin, fetchSite, fetchMode, method } = credentials
  if (host === undefined || !isAllowedHost(host, policy)) {
    return `the Host header ${JSON.stringify(host ?? '')} does not name this machine; add the name to allowedHosts if it should`
  }
  if (origin !== undefined) {
    if (isAllowedOrigin(origin, policy)) return undefined
    return `requests of pages of ${origin} are refused; add it to allowedOrigins if they should be let in`
  }
  // A link that somebody follows is let in; images, forms and scripts of other sites are not.
  const isLink = fetchMode === 'navigate' && method === 'GET'
  if (fetchSite === 'cross-site' && !isLink) {
    return 'requests of other sites’ pages are refused; add their origin to allowedOrigins and let them send it'
  }
  return undefined
}

function isAllowedOrigin(origin: string, policy: GuardPolicy): boolean {
  if (policy.allowedOrigins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  return isOwnName(new URL(origin).hostname)
}

function isAllowedHost(host: string, policy: GuardPolicy): boolean {
  if (!URL.canParse(`http://${host}`)) return false
  const { hostname, pathname, username } = new URL(`http://${host}`)
  if (pathname !== '/' || username !== '') return false
  // An address cannot be rebound: whoever names it reaches it.
  return (
    isOwnName(hostname) ||
    isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 ||
    policy.allowedHosts.includes(hostname)
  )
}

/** `localhost` and the names below it are this machine's in every browser and resolver. */
function isOwnName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}
