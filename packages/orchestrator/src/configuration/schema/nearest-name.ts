import { distance } from 'fastest-levenshtein'

import { show, words } from './words.ts'

/** Longer names are compared by nobody; a hostile key must not cost seconds. */
const maxLength = 64

/** The known name that was probably meant; null when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  if (name.length > maxLength) return null
  let nearest: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    if (candidate.length > maxLength) continue
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase())
    if (changes >= least || changes > allowedChanges(name, candidate)) continue
    nearest = candidate
    least = changes
  }
  return nearest
}

/** A third of the letters may differ: `comand` is `command`, `cat` is not `dog`. */
function allowedChanges(name: string, candidate: string): number {
  return Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3))
}

function changesBetween(name: string, candidate: string): number {
  if (name === candidate) return 0
  // Letters in the wrong order would count as two changes, which is too much for `rnu`; a missing
  // prefix would count its letters, which is too much for `TERM`.
  const isShuffled = name.length === candidate.length && sorted(name) === sorted(candidate)
  const isEnd = name.length >= 3 && candidate.endsWith(name)
  return isShuffled || isEnd ? 1 : distance(name, candidate)
}

function sorted(name: string): string {
  return name.split('').toSorted().join('')
}

/** `did you mean "command"?`, or else the list of what is known. */
export function didYouMean(name: string, known: Iterable<string>, nouns: string): string | null {
  const names = [...known]
  const nearest = nearestName(name, names)
  if (nearest !== null) return `did you mean "${nearest}"?`
  if (names.length === 0) return null
  const shown = names.slice(0, 20).join(', ')
  return `${nouns}: ${shown}${names.length > 20 ? ', …' : ''}`
}

/** What is said of a word that is none of the known ones. */
export function unknownWord(word: string, known: readonly string[]): string {
  return words(`unknown value ${show(word)}`, didYouMean(word, known, 'known here'))
}
