/** What there is to say of some tasks, and of most there is not. `Task` explains each. */
export class Particulars {
  givenMs: number | undefined = undefined
  depth = 0
  countedSkips = 0
  countedRun = 0
  single = false
  isUnevaluated = false
  blocker: string | undefined = undefined
}
