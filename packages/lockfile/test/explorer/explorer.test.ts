import { describe, expect, test } from 'vitest'

import { explore } from './explore.ts'

const three = { processes: 3, rounds: 1, crashes: 2, joiners: 1 }

describe('in every state of three processes that may die at every step', () => {
  test.for([
    ['all queue, one death', { ...three, joiners: 0, crashes: 1 }],
    ['one joins, two deaths', three],
    ['two join, one death', { ...three, joiners: 2, crashes: 1 }],
    ['one joins, two rounds, one death', { ...three, rounds: 2, crashes: 1 }],
  ] as const)('there is one build, a true outcome and a way to the end: %s', ([, bounds]) => {
    const { states, violation, stuck } = explore(bounds)
    expect({ violation, stuck }).toEqual({ violation: null, stuck: 0 })
    // Fewer would mean that the model lost its interleavings.
    expect(states).toBeGreaterThan(1_000)
  })
})

describe('the explorer finds what is wrong with', () => {
  test.for([
    ['names come back', 'a wrong outcome was told'],
    ['a zombie leader is dead', 'two builds at once'],
    ['gone means success', 'a build that did not succeed was called a success'],
    ['unlink, then create', 'two builds at once'],
    ['silent means dead', 'two builds at once'],
    ['look, then overwrite', 'two builds at once'],
    ['release before the outcome', 'a build that did not succeed was called a success'],
  ] as const)('%s', ([mutant, what]) => {
    expect(explore({ ...three, rounds: 2, crashes: 1 }, mutant).violation?.what).toBe(what)
  })
})
