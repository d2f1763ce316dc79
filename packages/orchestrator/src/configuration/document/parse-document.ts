import {
  type Node,
  type ParseError,
  createScanner,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'

import type { Path, Place, Source } from './place.ts'
import type { ProblemList } from './problem-list.ts'
import { type SettingNode, sectionOf } from './setting-node.ts'

/** The parser calls itself for each level; no honest configuration comes near this. */
const maxDepth = 64

/**
 * Parses JSON with comments and trailing commas. What is wrong goes to `problems`; then the result
 * is undefined.
 */
export function parseDocument(
  source: Source & { readonly kind: 'file' },
  problems: ProblemList,
): SettingNode | undefined {
  const { text } = source
  const top: Place = { source, offset: 0, path: [] }
  const tooDeep = offsetBeyondDepth(text)
  if (tooDeep !== null) {
    problems.add({ ...top, offset: tooDeep }, `is nested deeper than ${maxDepth} levels`)
    return undefined
  }
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  const before = problems.count
  reportSyntax(errors, top, text, problems)
  if (problems.count > before || tree === undefined) return undefined
  const node = convert(tree, { source, offset: tree.offset, path: [] }, problems)
  return problems.count > before ? undefined : node
}

function offsetBeyondDepth(text: string): number | null {
  const scanner = createScanner(text, true)
  let depth = 0
  let token: number = scanner.scan()
  for (; token !== endOfFile; token = scanner.scan()) {
    const symbol = text[scanner.getTokenOffset()]
    if (symbol === '{' || symbol === '[') depth++
    if (symbol === '}' || symbol === ']') depth--
    if (depth > maxDepth) return scanner.getTokenOffset()
  }
  return null
}

// The package exports its token kinds as an ambient `const enum`, which single-file compilers
// cannot inline.
const endOfFile = 17

/** The parser goes on after an error; what it says about the same line again is an echo. */
function reportSyntax(
  errors: readonly ParseError[],
  top: Place,
  text: string,
  problems: ProblemList,
): void {
  if (text.trim() === '') {
    problems.add(top, 'is empty', 'write { "targets": {} }')
    return
  }
  let lastLine: number | null = null
  for (const { error, offset } of errors) {
    const at = Math.min(offset, text.length)
    const lineStart = text.lastIndexOf('\n', at - 1)
    if (lineStart === lastLine) continue
    lastLine = lineStart
    const [message, remedy] = syntaxWords[printParseErrorCode(error)] ?? ['is not JSON', null]
    problems.add({ ...top, offset: at }, message, remedy)
  }
}

const syntaxWords: Readonly<Record<string, readonly [string, string | null]>> = {
  InvalidSymbol: ['unknown word', 'put text in double quotes'],
  InvalidNumberFormat: ['this is no number', null],
  PropertyNameExpected: ['a key is missing here', 'write "key": value'],
  ValueExpected: ['a value is missing here', null],
  ColonExpected: ['a colon is missing here', 'write "key": value'],
  CommaExpected: ['a comma is missing before this', null],
  CloseBraceExpected: ['a closing } is missing', null],
  CloseBracketExpected: ['a closing ] is missing', null],
  EndOfFileExpected: ['there is more after the end of the configuration', 'remove it'],
  InvalidCommentToken: ['this is no comment', 'write // or /* */'],
  UnexpectedEndOfComment: ['this comment does not end', 'close it with */'],
  UnexpectedEndOfString: ['this text does not end on its line', 'close it with "'],
  UnexpectedEndOfNumber: ['this number does not end', null],
  InvalidUnicode: ['this is no \\u escape', 'write four hexadecimal digits'],
  InvalidEscapeCharacter: ['unknown escape', 'write \\\\ for a backslash'],
  InvalidCharacter: ['a control character inside a text', 'write it as an escape such as \\t'],
}

function convert(node: Node, keyPlace: Place, problems: ProblemList): SettingNode {
  const place: Place = { ...keyPlace, offset: node.offset }
  switch (node.type) {
    case 'object':
      return convertSection(node, place, keyPlace, problems)
    case 'array': {
      const items = (node.children ?? []).map((item, index) =>
        convert(item, childPlace(place, item.offset, index), problems),
      )
      return { kind: 'list', items, place, keyPlace }
    }
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'property':
      return { kind: 'scalar', value: scalarOf(node.value), place, keyPlace }
  }
}

function convertSection(
  node: Node,
  place: Place,
  keyPlace: Place,
  problems: ProblemList,
): SettingNode {
  const entries = new Map<string, SettingNode>()
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? []
    if (keyNode === undefined || valueNode === undefined) continue
    const key = String(keyNode.value)
    const at = childPlace(place, keyNode.offset, key)
    if (key === '__proto__') {
      problems.add(at, 'this name is reserved by JavaScript', 'choose another')
    } else if (entries.has(key)) {
      problems.add(at, 'this key is written twice', 'keep one of them')
    } else {
      entries.set(key, convert(valueNode, at, problems))
    }
  }
  return sectionOf(entries, { place, keyPlace })
}

function childPlace(parent: Place, offset: number, key: string | number): Place {
  const path: Path = [...parent.path, key]
  return { source: parent.source, offset, path }
}

function scalarOf(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return null
}
