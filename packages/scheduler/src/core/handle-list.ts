/**
 * The numbers of the handles that wait for one task. There is hardly ever more than one, and a list
 * of one would cost as much as all else that is kept of a queued task.
 */
export type HandleList = number | readonly number[]

const none: readonly number[] = []

export function handlesOf(list: HandleList): readonly number[] {
  return typeof list === 'number' ? [list] : list
}

export function countHandles(list: HandleList): number {
  return typeof list === 'number' ? 1 : list.length
}

export function hasHandle(list: HandleList, handle: number): boolean {
  return typeof list === 'number' ? list === handle : list.includes(handle)
}

export function withHandles(list: HandleList, more: HandleList): HandleList {
  return countHandles(list) === 0 ? more : [...handlesOf(list), ...handlesOf(more)]
}

export function withoutHandle(list: HandleList, handle: number): HandleList {
  const left = handlesOf(list).filter((other) => other !== handle)
  const [only] = left
  return only !== undefined && left.length === 1 ? only : left
}

/** Nobody waits. */
export const noHandles: HandleList = none
