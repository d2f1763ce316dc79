/** A function as a caller names it. */
export interface FunctionReference {
  readonly name: string
  /** A version or an alias; everything here runs the one version there is. */
  readonly qualifier: string | undefined
}

/**
 * Reads a name, `name:alias`, `account:function:name` or a full ARN, each with or without a
 * qualifier, as the `FunctionName` of Lambda's API allows.
 */
export function parseFunctionReference(
  text: string,
  qualifier: string | undefined,
): FunctionReference | undefined {
  const parts = text.split(':')
  const at = parts.indexOf('function')
  // 'function' marks the name in an ARN; a function may also be called "function".
  const rest = at > 0 ? parts.slice(at + 1) : parts
  const [name = '', own, ...more] = rest
  if (name === '' || own === '' || more.length > 0) return undefined
  if (own !== undefined && qualifier !== undefined && own !== qualifier) return undefined
  return { name, qualifier: own ?? qualifier }
}

/** Twelve zeros: the account that local stacks are known by. */
const accountId = '000000000000'

export function functionArn(region: string, { name, qualifier }: FunctionReference): string {
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`
  return qualifier === undefined ? arn : `${arn}:${qualifier}`
}
