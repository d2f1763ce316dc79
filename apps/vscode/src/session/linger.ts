/** What the clock of a lingering session knows: since when nobody has been attached. */
export type Attendance =
  | { readonly kind: 'attended' }
  | { readonly kind: 'alone'; readonly since: number }

/** The next attendance, from how many clients are attached now. */
export function attend(attendance: Attendance, clients: number, now: number): Attendance {
  if (clients > 0) return { kind: 'attended' }
  return attendance.kind === 'alone' ? attendance : { kind: 'alone', since: now }
}

/** Whether a session that nobody is attached to has waited long enough for somebody to return. */
export function isOver(attendance: Attendance, lingerMs: number, now: number): boolean {
  return attendance.kind === 'alone' && now - attendance.since >= lingerMs
}
