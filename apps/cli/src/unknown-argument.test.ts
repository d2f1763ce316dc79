import { expect, test } from 'vitest'

import { unknownArgument, unknownNames } from './unknown-argument.ts'

const help =
  'singletrack lock status [name]\n\nOptions:\n      --debounce  How long\n  -w, --watch  What'

const nearest = (name: string, known: Iterable<string>): string | null =>
  [...known].find((each) => each[0] === name[0]) ?? null

test('an option that the parser names twice is one name', () => {
  expect(unknownNames('Unknown arguments: on-bsy, onBsy')).toEqual(['on-bsy'])
  expect(unknownNames('Not enough arguments')).toEqual([])
})

test('an unknown option is answered with the nearest one', () => {
  const { message } = unknownArgument(['debonce'], ['lock', '--debonce=3'], help, nearest)
  expect(message).toBe(
    'there is no option --debonce; did you mean --debounce? "singletrack lock status --help" lists what there is',
  )
})

test('an option that resembles none is answered with where to look', () => {
  const { message } = unknownArgument(['z'], ['lock', '-z'], help, nearest)
  expect(message).toBe(
    'there is no option -z; "singletrack lock status --help" lists what there is',
  )
})

test('a word too many is not called an option', () => {
  const { message } = unknownArgument(['now'], ['lock', 'status', 'a', 'now'], help, nearest)
  expect(message).toBe(
    'there is no place for "now"; "singletrack lock status --help" lists what there is',
  )
})
