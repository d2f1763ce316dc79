import type * as z from 'zod'

import type { Path } from '../document/place.ts'
import type { ProblemList } from '../document/problem-list.ts'
import { type SettingNode, nodeAt, plainValue, withoutNodes } from '../document/setting-node.ts'
import { parseConfiguration } from './configuration-schema.ts'
import { didYouMean, unknownWord } from './nearest-name.ts'
import { kindOfValue, show, splitWords, words } from './words.ts'

interface Finding {
  readonly path: Path
  /** Whether the key itself is wrong, rather than its value. */
  readonly isKey: boolean
  readonly message: string
  readonly remedy: string | null
}

/**
 * Checks one layer against the schema. Reports every fault at its place and returns the layer
 * without what is wrong, so that the rest can be checked further.
 */
export function checkShape(layer: SettingNode, problems: ProblemList): SettingNode | undefined {
  const issues = parseConfiguration(plainValue(layer), describeIssue)
  const findings = issues.flatMap((issue) => translate(issue, []))
  for (const { path, isKey, message, remedy } of findings) {
    const node = nearestNode(layer, path)
    problems.add(isKey ? node.keyPlace : node.place, message, remedy)
  }
  return withoutNodes(
    layer,
    findings.map(({ path }) => path),
  )
}

function nearestNode(layer: SettingNode, path: Path): SettingNode {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(layer, path.slice(0, length))
    if (node !== undefined) return node
  }
  return layer
}

/** The issues of one kind of value that a union accepts. */
type Branch = readonly z.core.$ZodIssue[]

function translate(issue: z.core.$ZodIssue, prefix: Path): readonly Finding[] {
  const path: Path = [...prefix, ...issue.path.map((key) => keyOf(key))]
  const own = splitWords(issue.message)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message.split(', ')
      return issue.keys.map((key) => ({
        path: [...path, key],
        isKey: true,
        message: `unknown key ${show(key)}`,
        remedy: didYouMean(key, known, 'known here'),
      }))
    }
    case 'invalid_union': {
      const meant = issue.errors.filter((branch) => !isOtherKind(branch)).toSorted(fewer)[0]
      if (meant === undefined) return [{ path, isKey: false, ...own }]
      const hasUnknown = meant.some(({ code }) => code === 'unrecognized_keys')
      // A key that is missing beside a misspelt one is most likely that one.
      return meant
        .filter((inner) => !(hasUnknown && inner.message === missing))
        .flatMap((inner) => translate(inner, path))
    }
    case 'invalid_key':
      return [{ path, isKey: true, ...splitWords(issue.issues[0]?.message ?? issue.message) }]
    default:
      return [{ path, isKey: false, ...own }]
  }
}

/** Whether the value is not even of the kind that this branch of a union is about. */
function isOtherKind(branch: Branch): boolean {
  return branch.some(
    ({ code, path }) =>
      path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code),
  )
}

function fewer(a: Branch, b: Branch): number {
  return a.length - b.length
}

function keyOf(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key)
}

/** Words for what the schema itself has no words for. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue.expected, input)
    case 'invalid_value': {
      const values = issue.values.map(String)
      if (typeof input === 'string') return unknownWord(input, values)
      const expected = values.map((value) => show(value)).join(', ')
      return words(`expected one of ${expected}, found ${kindOfValue(input)}`, null)
    }
    case 'too_small':
      if (issue.origin === 'array') return words('is empty', null)
      return words(`${show(input)} is too small`, `write ${issue.minimum} or more`)
    case 'too_big':
      return words(`${show(input)} is too large`, `write ${issue.maximum} or less`)
    default:
      return undefined
  }
}

const expectedWords: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
}

const missing = 'is missing'

function describeType(expected: string, input: unknown): string {
  if (input === undefined) return missing
  const found = typeof input === 'number' && expected === 'int' ? show(input) : kindOfValue(input)
  const remedy = expected === 'array' && typeof input === 'string' ? `write [${show(input)}]` : null
  return words(`expected ${expectedWords[expected] ?? expected}, found ${found}`, remedy)
}
