import { expect, test } from 'vitest'

import { target } from '../../test/support/targets.ts'
import {
  type BuildTarget,
  buildCommand,
  describeCommand,
  hasBuild,
  jointKey,
} from './build-command.ts'

const cargo = (name: string): BuildTarget => {
  const made = target(name, {
    build: {
      command: { kind: 'exec', argv: ['cargo', 'build', '--bin', name] },
      joint: [
        { kind: 'literal', text: 'cargo' },
        { kind: 'literal', text: 'build' },
        { kind: 'each', texts: ['--bin', name] },
      ],
    },
  })
  if (!hasBuild(made)) throw new Error('expected a build')
  return made
}

test('one target is built by its own command', () => {
  expect(buildCommand([cargo('a')])).toEqual({
    kind: 'exec',
    argv: ['cargo', 'build', '--bin', 'a'],
  })
})

test('several targets fill the joint template, each with its own words', () => {
  expect(buildCommand([cargo('a'), cargo('b')])).toEqual({
    kind: 'exec',
    argv: ['cargo', 'build', '--bin', 'a', '--bin', 'b'],
  })
})

test('targets of one template have one joint key', () => {
  expect(jointKey(cargo('a'))).toBe(jointKey(cargo('b')))
})

test('a target in another directory is not built with the rest', () => {
  expect(jointKey({ ...cargo('a'), cwd: '/elsewhere' })).not.toBe(jointKey(cargo('a')))
})

test('words with spaces are quoted when a command is shown', () => {
  expect(describeCommand({ kind: 'exec', argv: ['echo', 'two words'] })).toBe('echo "two words"')
})
