import type { Link } from './link.ts'

/** Where a configuration is broken. */
export interface ConfigurationPlace {
  /** As the session says it: relative to the root, or absolute. */
  readonly file: string
  /** Zero-based, both. */
  readonly line: number
  readonly column: number
}

/** `singletrack.jsonc:12:5 targets.api: no such target`, as a session describes a problem. */
const PLACE = /^(\S.*?\.jsonc?):(\d+):(\d+)\b/m

/** The first place at which the configuration of a root is broken; `null` when it is not, or nobody knows. */
export function brokenAt(link: Link): ConfigurationPlace | null {
  const [, file, line, column] = PLACE.exec(wordsOf(link)) ?? []
  return file === undefined
    ? null
    : { file, line: Math.max(0, Number(line) - 1), column: Math.max(0, Number(column) - 1) }
}

function wordsOf(link: Link): string {
  switch (link.kind) {
    case 'failed':
      return link.problem
    case 'attached': {
      const { configuration } = link.state
      return configuration.kind === 'invalid' ? configuration.problems.join('\n') : ''
    }
    case 'none':
    case 'launching':
    case 'connecting':
    case 'unreachable':
    case 'incompatible':
      return ''
  }
}
