/**
 * Called with the pid and the process group of a program that exists but has not run a line of its
 * own code; it does so once the promise resolves. A rejection, or the death of this process, ends
 * it unrun. The pid and the start time stay the same, so they can be recorded here.
 *
 * With `group: false`, `processGroup` is the group of this process as far as it is known: `0`.
 * On Windows there is no way to hold a program back: the gate is called right after the spawn, and
 * a rejection kills the program (not tested there).
 */
export type Gate = (pid: number, processGroup: number) => Promise<void>
