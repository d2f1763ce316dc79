/** What must be given back when the process ends on its own terms. */
export interface Releasable {
  releaseAtExit(): void
}

const held = new Set<Releasable>()

/** Gives a lease back when the process exits without having done so. Signals are not touched. */
export function guard(lease: Releasable): void {
  if (held.size === 0) process.on('exit', releaseAll)
  held.add(lease)
}

/** The lease was given back in time. */
export function unguard(lease: Releasable): void {
  held.delete(lease)
  if (held.size === 0) process.off('exit', releaseAll)
}

function releaseAll(): void {
  for (const lease of held) lease.releaseAtExit()
}
