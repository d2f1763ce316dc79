const TEXT_LENGTH_MAX = 200

/**
 * Text from a file, made safe to print on a terminal: control and format characters (colors, cursor
 * movement, right-to-left overrides) are removed, and the length is bounded. Null if it is no text.
 */
export function plainText(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '').slice(0, TEXT_LENGTH_MAX)
}
