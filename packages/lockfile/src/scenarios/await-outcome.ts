import { join } from 'node:path'

import { ChangeSignal } from '../acquire/change-signal.ts'
import { POLL_MS } from '../acquire/decide.ts'
import { heldView } from '../acquire/held-view.ts'
import type { Request } from '../acquire/request.ts'
import { WaitReporter } from '../acquire/wait-reporter.ts'
import { bareOutcome, readOutcome } from '../disk/outcome-records.ts'
import type { Site } from '../disk/site.ts'
import { LockError } from '../errors.ts'
import type { HeldBaton } from '../names/baton-name.ts'
import { type Outcome, outcomeOf } from '../names/status.ts'
import { Observer, type Sight } from '../verdict/observer.ts'
import { mayTakeOver } from '../verdict/verdict.ts'
import { holderOf } from '../view/lock-view.ts'

/**
 * Waits until a running build is over, and says what came of it. Null means that nobody knows: it
 * crashed, was aborted, or is too long ago. That is never a success: the caller decides again.
 */
export async function awaitOutcome(
  request: Request,
  site: Site,
  baton: HeldBaton,
): Promise<Outcome | null> {
  const { system, signal, foreignLeaseMs } = request
  const observer = new Observer(system, site, foreignLeaseMs)
  const reporter = new WaitReporter(request, site.lock)
  using changes = new ChangeSignal(system, site.directory)
  for (;;) {
    changes.arm()
    const sight = observer.look()
    if (!isRunning(sight, baton)) return outcomeAfter(request, site, baton, sight)
    reporter.report({ kind: 'joined', view: heldView(request, site, sight) })
    const leftMs = request.deadlineMs - system.clock.monotonic()
    if (leftMs <= 0) throw timedOut(site, sight)
    await changes.wait(Math.min(POLL_MS, leftMs), signal)
  }
}

function isRunning(sight: Sight, baton: HeldBaton): sight is Sight & { readonly kind: 'held' } {
  return sight.kind === 'held' && sight.baton.text === baton.text && !mayTakeOver(sight.verdict)
}

function outcomeAfter(
  { system }: Request,
  site: Site,
  baton: HeldBaton,
  sight: Sight,
): Outcome | null {
  const record = readOutcome(system, site, baton.gen)
  // With a full disk there is no record, but the freed name still carries the exit code.
  const named =
    sight.kind === 'free' && sight.baton.gen === baton.gen
      ? outcomeOf(sight.baton.status)
      : undefined
  const outcome = record === null ? named : bareOutcome(record)
  return outcome?.status === 'ok' || outcome?.status === 'failed' ? outcome : null
}

function timedOut(site: Site, sight: Sight & { readonly kind: 'held' }): LockError {
  return new LockError(
    'ETIMEDOUT',
    `the build under the ${site.lock} lock that was joined is still running`,
    {
      path: join(site.directory, sight.baton.text),
      holder: holderOf(sight.baton, sight.record),
    },
  )
}
