import type { SilentBackend } from './backend.ts'

/** No events at all: every directory is compared in turns, within the poller's budget. */
export const pollBackend: SilentBackend = { kind: 'silent', name: 'poll' }
