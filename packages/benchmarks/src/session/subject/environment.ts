/**
 * Variables that would make a tool behave as if something else had started it, or a program start
 * slower than it does: with `NODE_EXTRA_CA_CERTS` every start of Node reads certificates.
 */
const NOT_INHERITED = /^(?:CI$|npm_|NODE_|TURBO_|SINGLETRACK_|WIREIT_|VITEST)/

/** What everything that is measured inherits, under a tool or without one. */
export function measuredEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}
