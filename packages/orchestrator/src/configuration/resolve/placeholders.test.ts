import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  type PlaceholderFault,
  type Scope,
  escapePlaceholders,
  substitute,
} from './placeholders.ts'

const scope: Scope = {
  name: 'orders',
  cwd: '/work/services/orders',
  port: 3001,
  variable: (name) => (name === 'REGION' ? 'eu' : undefined),
}

function run(text: string, own: Scope = scope): { text: string; faults: PlaceholderFault[] } {
  const faults: PlaceholderFault[] = []
  return { text: substitute(text, own, (fault) => faults.push(fault)), faults }
}

test.for([
  ['dist/${name}.mjs', 'dist/orders.mjs'],
  ['${name}-${name}', 'orders-orders'],
  ['http://localhost:${port}/', 'http://localhost:3001/'],
  ['${cwd}/x', '/work/services/orders/x'],
  ['--region=${env:REGION}', '--region=eu'],
  ['echo $${HOME}', 'echo ${HOME}'],
  ['$HOME and {name} and $name', '$HOME and {name} and $name'],
  ['an open ${name', 'an open ${name'],
] as const)('%s becomes %s', ([before, after]) => {
  expect(run(before)).toEqual({ text: after, faults: [] })
})

test.for([
  ['${nam}', 'unknown placeholder "${nam}"', 'did you mean "${name}"?'],
  [
    '${HOME}',
    'unknown placeholder "${HOME}"',
    'write "${env:HOME}" for the variable, or "$${HOME}" to pass it on',
  ],
  [
    '${a.b}',
    'unknown placeholder "${a.b}"',
    'known: ${name}, ${port}, ${cwd}, ${env:NAME}; "$${" is a literal "${"',
  ],
  ['${env:X}', 'the variable X is not set', 'set it, or name it in "env" or "envFile"'],
] as const)('%s is an error and stays as it is', ([text, message, remedy]) => {
  expect(run(text)).toEqual({ text, faults: [{ message, remedy }] })
})

test('"${port}" of a target without a port is an error', () => {
  expect(run('${port}', { ...scope, port: null }).faults).toEqual([
    { message: '"${port}" stands for no port', remedy: 'set "run.port" of this target' },
  ])
})

test('text without "${" never changes, and what is put in is not looked at again', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, value) => {
      const plain = text.replaceAll('${', '')
      expect(run(plain).text).toBe(plain)
      expect(run('${env:V}', { ...scope, variable: () => value }).text).toBe(value)
    }),
  )
})

test('what is escaped reads back as it was', () => {
  const text = fc
    .array(fc.constantFrom('$', '{', '}', 'name', 'env:X', 'a'))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (before) => {
      expect(run(escapePlaceholders(before))).toEqual({ text: before, faults: [] })
    }),
  )
})
