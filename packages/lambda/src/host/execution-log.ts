import type { LogTail } from './log-tail.ts'

/**
 * The log of one invocation as `X-Amz-Log-Result` carries it: what the instance printed, between
 * Lambda's own START, END and REPORT lines. The memory used is left out: it is not measured.
 */
export function executionLog(
  requestId: string,
  printed: LogTail | undefined,
  durationMs: number | undefined,
  initDurationMs: number | undefined,
): Buffer {
  const duration = durationMs ?? 0
  const init =
    initDurationMs === undefined ? '' : `\tInit Duration: ${initDurationMs.toFixed(2)} ms`
  const text = printed?.tail().toString('utf8') ?? ''
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return Buffer.from(
    `START RequestId: ${requestId} Version: $LATEST\n${body}END RequestId: ${requestId}\n` +
      `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${Math.ceil(duration)} ms${init}\n`,
  ).subarray(-4096)
}
