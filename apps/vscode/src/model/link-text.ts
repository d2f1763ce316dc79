import type { Link } from './link.ts'

/** How it stands with a session, for the log. */
export function linkText(link: Link): string {
  switch (link.kind) {
    case 'none':
    case 'launching':
      return link.kind
    case 'failed':
      return `failed: ${link.problem}`
    case 'connecting':
    case 'attached':
      return `${link.kind} (${link.holder.label}, pid ${link.holder.pid})`
    case 'unreachable':
    case 'incompatible':
      return `${link.kind} (pid ${link.holder.pid}): ${link.problem}`
  }
}
