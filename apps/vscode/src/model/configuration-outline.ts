import { type Node, applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser'

export const CONFIGURATION_FILE = 'singletrack.jsonc'

/** A target as the text of the configuration names it; nothing is evaluated. */
export interface OutlinedTarget {
  readonly name: string
  /** Where its name stands in the text. */
  readonly offset: number
  readonly length: number
  readonly external: boolean
}

/** The targets that a configuration names, in its order; what can be read of a broken text. */
export function outlineTargets(text: string): readonly OutlinedTarget[] {
  const targets = nodeAt(text, ['targets'])
  return (targets?.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? []
    if (key === undefined || typeof key.value !== 'string') return []
    const start = value === undefined ? undefined : findNodeAtLocation(value, ['start'])
    return [
      {
        name: key.value,
        offset: key.offset,
        length: key.length,
        external: start?.value === 'external',
      },
    ]
  })
}

/** A replacement in a text. */
export interface TextChange {
  readonly offset: number
  readonly length: number
  readonly text: string
}

/**
 * What to change in a configuration so that `pattern` is ignored, comments and the rest untouched.
 * `null` when it is ignored already or the text is no configuration.
 */
export function ignoreChanges(text: string, pattern: string): readonly TextChange[] | null {
  if (nodeAt(text, [])?.type !== 'object') return null
  const ignore = nodeAt(text, ['ignore'])
  const present = ignore?.children?.map(({ value }) => value as unknown) ?? []
  if (present.includes(pattern)) return null
  const formattingOptions = {
    insertSpaces: true,
    tabSize: 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
  const path = ignore?.type === 'array' ? ['ignore', present.length] : ['ignore']
  const value = ignore?.type === 'array' ? pattern : [pattern]
  const edits = modify(text, path, value, { formattingOptions, isArrayInsertion: true })
  return edits.map(({ offset, length, content }) => ({ offset, length, text: content }))
}

/** The text with changes made. */
export function changed(text: string, changes: readonly TextChange[]): string {
  return applyEdits(
    text,
    changes.map(({ offset, length, text: content }) => ({ offset, length, content })),
  )
}

function nodeAt(text: string, path: readonly string[]): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true })
  return root === undefined ? undefined : findNodeAtLocation(root, [...path])
}
