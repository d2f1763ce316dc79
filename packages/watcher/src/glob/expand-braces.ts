/**
 * Splits `{a,b}/**` into `a/**` and `b/**`, so that each alternative has its own literal base.
 * Patterns whose braces are more than a list of alternatives (escapes, brackets, ranges, extglobs
 * or quotes anywhere) stay whole: the matcher understands them, only the base gets shorter.
 */
export function expandBraces(pattern: string): readonly string[] {
  if (!pattern.includes('{') || /[\\[\]()"']|\.\.|\$\{/.test(pattern)) return [pattern]
  const expanded = expand(pattern)
  return expanded.length > EXPANSIONS_MAX ? [pattern] : expanded
}

/** `{a,b}` ten times over would be 1,024 patterns; a short base is cheaper than that. */
const EXPANSIONS_MAX = 64

function expand(pattern: string): string[] {
  const open = pattern.indexOf('{')
  if (open === -1) return [pattern]
  const alternatives: string[] = []
  let depth = 0
  let start = open + 1
  for (let at = open; at < pattern.length; at += 1) {
    const character = pattern[at]
    if (character === '{') depth += 1
    if (character === ',' && depth === 1) {
      alternatives.push(pattern.slice(start, at))
      start = at + 1
    }
    if (character === '}') depth -= 1
    if (depth > 0) continue
    alternatives.push(pattern.slice(start, at))
    // "{a}" and "{}" are no list: what they mean is left to the matcher.
    if (alternatives.length < 2) return [pattern]
    const before = pattern.slice(0, open)
    const after = pattern.slice(at + 1)
    const combined = alternatives.flatMap((choice) => expand(`${before}${choice}${after}`))
    return combined.length > EXPANSIONS_MAX ? [pattern] : combined
  }
  return [pattern]
}
