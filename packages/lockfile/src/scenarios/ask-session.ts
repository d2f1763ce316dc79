import { placesOf, resolveSite } from '../acquire/acquire.ts'
import { ChangeSignal } from '../acquire/change-signal.ts'
import { POLL_MS } from '../acquire/decide.ts'
import type { Request } from '../acquire/request.ts'
import { bareOutcome, readOutcomes } from '../disk/outcome-records.ts'
import type { HolderRecord } from '../disk/record.ts'
import { scan } from '../disk/scan.ts'
import type { Site } from '../disk/site.ts'
import { LockError } from '../errors.ts'
import type { HeldBaton } from '../names/baton-name.ts'
import type { LockList } from '../options.ts'
import { Observer } from '../verdict/observer.ts'
import type { Joined } from './build-result.ts'
import type { SharePolicy } from './share.ts'
import { isAcknowledged, placeWant, removeWant } from './want.ts'

/** A session that does not acknowledge a request in this time is not listening. */
const ACKNOWLEDGE_MS = 2_000

/**
 * Asks a living session that builds the same thing to do it, while its build lock is free. Null when
 * there is none, or when it does not answer: then the caller builds by itself. Once the session
 * acknowledged, the answer may take as long as that session lives.
 */
export async function askSession(
  request: Request,
  locks: LockList,
  policy: SharePolicy,
): Promise<Joined | null> {
  const { key, mode } = policy
  if (key === null || mode === 'never') return null
  const { system } = request
  const [place] = placesOf(request, locks)
  if (place === undefined || place.within !== null) return null
  const session = resolveSite(request, request.root, 'watch')
  const living = sessionFor(request, session, key)
  const build = scan(system, place.site)
  if (living === null || build.kind !== 'baton' || build.baton.state !== 'free') return null
  if (policy.session === 'any') {
    const last = lastResult(request, place.site, living, policy)
    if (last !== null) return last
  }
  const want = placeWant(system, session, key)
  if (want === null) return null
  try {
    const question: Question = { session, build: place.site, key, askedGen: build.baton.gen }
    return await awaitAnswer(request, question, living.baton.nonce, want.nonce)
  } finally {
    removeWant(system, session, want.name, want.nonce)
  }
}

interface Question {
  readonly session: Site
  readonly build: Site
  readonly key: string
  readonly askedGen: bigint
}

async function awaitAnswer(
  request: Request,
  question: Question,
  sessionNonce: string,
  wantNonce: string,
): Promise<Joined | null> {
  const { system, signal, deadlineMs } = request
  const { session, build, key } = question
  const askedMs = system.clock.monotonic()
  using changes = new ChangeSignal(system, build.directory)
  for (;;) {
    changes.arm()
    const answer = answerTo(request, question)
    if (answer !== null) return answer
    if (sessionFor(request, session, key)?.baton.nonce !== sessionNonce) return null
    const nowMs = system.clock.monotonic()
    const isHeard = isAcknowledged(system, session, wantNonce)
    if (!isHeard && nowMs - askedMs >= ACKNOWLEDGE_MS) return null
    if (nowMs >= deadlineMs) {
      throw new LockError('ETIMEDOUT', 'the session that was asked to build is still at it', {
        path: session.directory,
      })
    }
    await changes.wait(Math.min(POLL_MS, deadlineMs - nowMs), signal)
  }
}

function answerTo({ system }: Request, { build, key, askedGen }: Question): Joined | null {
  const record = readOutcomes(system, build).find(
    ({ gen, status, key: built }) =>
      gen > askedGen && built === key && (status === 'ok' || status === 'failed'),
  )
  if (record === undefined) return null
  const outcome = bareOutcome(record)
  return { kind: 'joined', outcome, gen: record.gen, startedBeforeRequest: false }
}

/** The newest result of this key, if this session built it, and after the caller's last change. */
function lastResult(
  { system }: Request,
  build: Site,
  { baton, record: session }: Session,
  { key, since }: SharePolicy,
): Joined | null {
  const last = readOutcomes(system, build).find((record) => record.key === key)
  if (last?.status !== 'ok' && last?.status !== 'failed') return null
  const isOfSession = last.holder.where === baton.where && last.holder.pid === baton.pid
  if (!isOfSession || last.startedAt < Math.max(since, session.startedAt)) return null
  return { kind: 'joined', outcome: bareOutcome(last), gen: last.gen, startedBeforeRequest: true }
}

interface Session {
  readonly baton: HeldBaton
  readonly record: HolderRecord
}

/** A living session that answers requests for this key. */
function sessionFor({ system }: Request, session: Site, key: string): Session | null {
  const sight = new Observer(system, session, false).look()
  if (sight.kind !== 'held' || sight.record === null || sight.verdict.kind === 'dead') return null
  const { baton, record } = sight
  return record.answers && record.key === key ? { baton, record } : null
}
