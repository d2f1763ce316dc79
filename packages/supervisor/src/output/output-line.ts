/** One line of a run's output. */
export interface OutputLine {
  readonly runId: number
  readonly stream: 'stdout' | 'stderr'
  /** Without its newline; colors and other escape sequences are kept. */
  readonly line: string
  /**
   * The line was not at its end here: it is longer than `maxLineBytes` and goes on with the next
   * event of the same run and stream, or the output ended without a newline.
   */
  readonly partial: boolean
}

/**
 * Called for each line, one at a time. While the promise it returns is pending, nothing is read:
 * first our buffers fill (about 128 KiB a stream), then the program's writes block. Its end, and
 * that of the run, are seen all the same.
 */
export type OutputListener = (line: OutputLine) => void | Promise<void>

/** The lines of all runs of a job, in order. What is written while nobody listens is discarded. */
export interface JobOutput extends AsyncIterable<OutputLine> {
  /** @returns a function that takes the listener off again */
  on(listener: OutputListener): () => void
  /**
   * Resolves when every line of the runs that are over has been delivered. A run is over when its
   * processes are gone; its last lines may still be on their way to a slow listener.
   */
  drained(): Promise<void>
}
