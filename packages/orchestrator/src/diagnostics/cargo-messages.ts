import { compilerDiagnostic, isRecord, parseCargoJson, textOf } from './cargo-json.ts'
import type { Diagnostic } from './diagnostic.ts'

/** What a line of cargo's standard output says under `--message-format=json`. */
export type CargoMessage =
  /** Something is built (or was, when `fresh`); `executable` is absolute, `null` for libraries. */
  | {
      readonly kind: 'artifact'
      readonly target: string
      /** Cargo's kinds, such as `bin`, `lib`, `example`, `custom-build`. */
      readonly targetKinds: readonly string[]
      readonly package: string
      readonly manifest: string | null
      readonly executable: string | null
      readonly fresh: boolean
    }
  /** A compiler message as people read it, with its colors. */
  | {
      readonly kind: 'rendered'
      readonly text: string
      readonly diagnostic: Diagnostic | null
      /** What was compiled, such as the name of a binary. */
      readonly target: string
      readonly targetKinds: readonly string[]
      readonly manifest: string | null
    }
  | { readonly kind: 'build-finished'; readonly success: boolean }
  /** A message that means nothing here, such as a build script that ran. */
  | { readonly kind: 'other'; readonly reason: string }
  /** Not a message: the output of something else, to be passed through. */
  | { readonly kind: 'line'; readonly text: string }

export interface CargoMessages {
  /** Takes one line of standard output, tells what it says. */
  push(line: string): CargoMessage
}

/**
 * Reads cargo's JSON messages as they come, so that each binary of one joint build is known the
 * moment it is there. Formats: cargo's reference, "External tools".
 */
export function createCargoMessages(): CargoMessages {
  return { push: read }
}

function read(line: string): CargoMessage {
  const message = parseCargoJson(line)
  if (message === null) return { kind: 'line', text: line }
  switch (message['reason']) {
    case 'compiler-artifact':
      return artifact(message)
    case 'compiler-message': {
      const inner = isRecord(message['message']) ? message['message'] : {}
      const text = textOf(inner['rendered']) ?? ''
      const { target, targetKinds, manifest } = compiled(message)
      const diagnostic = compilerDiagnostic(message)
      return { kind: 'rendered', text, diagnostic, target, targetKinds, manifest }
    }
    case 'build-finished':
      return { kind: 'build-finished', success: message['success'] === true }
    default:
      return { kind: 'other', reason: String(message['reason']) }
  }
}

function artifact(message: Readonly<Record<string, unknown>>): CargoMessage {
  return {
    kind: 'artifact',
    ...compiled(message),
    package: textOf(message['package_id']) ?? '',
    executable: textOf(message['executable']),
    fresh: message['fresh'] === true,
  }
}

/** What of which package a message is about. */
function compiled(message: Readonly<Record<string, unknown>>): {
  readonly target: string
  readonly targetKinds: readonly string[]
  readonly manifest: string | null
} {
  const target = isRecord(message['target']) ? message['target'] : {}
  const kinds: unknown = target['kind']
  return {
    target: textOf(target['name']) ?? '',
    targetKinds: Array.isArray(kinds) ? kinds.map(String) : [],
    manifest: textOf(message['manifest_path']),
  }
}
