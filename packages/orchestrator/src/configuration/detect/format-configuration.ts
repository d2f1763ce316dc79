import type { PlainValue } from '../document/setting-node.ts'

/** The text of a `singletrack.jsonc` with these targets, one a line. */
export function formatConfiguration(
  targets: ReadonlyMap<string, Readonly<Record<string, PlainValue>>>,
): string {
  const width = Math.max(...[...targets.keys()].map((name) => JSON.stringify(name).length))
  const lines = [...targets].map(([name, target]) => {
    const key = `${JSON.stringify(name)}:`.padEnd(width + 1)
    return `    ${key} ${inline(target)},`
  })
  return [
    '{',
    '  "$schema": "./node_modules/singletrack/schema.json",',
    '  "targets": {',
    ...lines,
    '  },',
    '}',
    '',
  ].join('\n')
}

function inline(target: Readonly<Record<string, PlainValue>>): string {
  const pairs = Object.entries(target).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  return `{ ${pairs.join(', ')} }`
}
