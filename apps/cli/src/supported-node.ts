/**
 * What to tell somebody whose Node is older than the range `>=MAJOR.MINOR` asks for; null when it
 * is not. Without this they would read of a missing export of some module.
 */
export function unsupportedNode(node: string, range: string): string | null {
  const least = range.replace('>=', '')
  if (compare(node, least) >= 0) return null
  const [major] = least.split('.')
  return `needs Node ${least} or later, and this is ${node}; install a newer one, or try it with "npx --package=node@${major} --package=singletrack -- singletrack"`
}

function compare(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = numbersOf(a)
  const [bMajor = 0, bMinor = 0] = numbersOf(b)
  return aMajor - bMajor || aMinor - bMinor
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number)
}
