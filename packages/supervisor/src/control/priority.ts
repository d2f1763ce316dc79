/**
 * The three queues of a job. An expired timer is served before any of them; then `urgent`
 * (`deleteNow`, disposal), `high` (`toWait`), and `normal` (everything else), each in the order in
 * which it was sent.
 */
export const Priority = { urgent: 'urgent', high: 'high', normal: 'normal' } as const

export type Priority = (typeof Priority)[keyof typeof Priority]
