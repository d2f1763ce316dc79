import { fieldsByPath } from './generated/paths.js'

/** The paths that there is a contract for. */
export const paths = Object.keys(fieldsByPath)

/** Returns the answer if it has exactly the fields of the contract for `path`; throws otherwise. */
export function checkAnswer(path, answer) {
  const wanted = fieldsByPath[path]?.toSorted().join(', ')
  const found = Object.keys(answer).toSorted().join(', ')
  if (wanted === found) return answer
  throw new Error(`${path} answers with ${found}; the contract says ${wanted}`)
}
