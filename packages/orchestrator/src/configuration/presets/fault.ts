/** Why a preset or the detection cannot say what was asked of it. */
export interface Fault {
  readonly kind: 'fault'
  readonly message: string
  readonly remedy: string | null
}

export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'fault'
}
