/** Characters of a generation in a name: base 36, zero padded, so that text order is number order. */
const GENERATION_LENGTH = 13

// 36 ** 10 is below 2 ** 53, so ten digits are exact as a number; that lasts until the year 117,000.
const EXACT_DIGITS = 10

/** `1786…n` to the thirteen characters that stand in a name. */
export function formatGeneration(gen: bigint): string {
  return gen.toString(36).padStart(GENERATION_LENGTH, '0')
}

/** The reverse of {@link formatGeneration}; the text has been matched against `[0-9a-z]{13}`. */
export function parseGeneration(text: string): bigint {
  const head = text.slice(0, -EXACT_DIGITS)
  const tail = BigInt(Number.parseInt(text.slice(-EXACT_DIGITS), 36))
  const upper = Number.parseInt(head, 36)
  return upper === 0 ? tail : BigInt(upper) * 36n ** BigInt(EXACT_DIGITS) + tail
}
