/** Lambda's limit of the encoded client context. */
const limitBytes = 3583

/**
 * Decodes `X-Amz-Client-Context` to the JSON text that a runtime gets in a header. A header cannot
 * carry every character, so those beyond ASCII are escaped as JSON allows. Undefined: not valid.
 */
export function decodeClientContext(encoded: string): string | undefined {
  if (encoded.length > limitBytes) return undefined
  return headerSafeJson(Buffer.from(encoded, 'base64').toString('utf8'))
}

/** The same JSON document in visible ASCII; undefined if it is not JSON. */
function headerSafeJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text)).replace(
      /[^\u0020-\u007e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  } catch {
    return undefined
  }
}
