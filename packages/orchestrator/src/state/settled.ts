import { describeEnd } from './describe-end.ts'
import type { TargetState } from './target-state.ts'

/** What stands between a session and "my edit is live". */
export type Settlement =
  | { readonly kind: 'busy'; readonly targets: readonly string[] }
  | { readonly kind: 'settled' }
  | {
      readonly kind: 'broken'
      readonly targets: readonly { readonly name: string; readonly why: string }[]
    }

type Verdict = 'busy' | 'fine' | { readonly why: string }

/**
 * Whether nothing at or below the present generations is queued, building, stopping or starting;
 * and if so, whether every target that should be there is there. A final state is never `busy`,
 * so that a waiter never hangs on one.
 */
export function settlementOf(targets: Iterable<TargetState>): Settlement {
  const busy: string[] = []
  const broken: { name: string; why: string }[] = []
  for (const target of targets) {
    const verdict = verdictOf(target)
    if (verdict === 'busy') busy.push(target.name)
    else if (verdict !== 'fine') broken.push({ name: target.name, why: verdict.why })
  }
  if (busy.length > 0) return { kind: 'busy', targets: busy }
  if (broken.length > 0) return { kind: 'broken', targets: broken }
  return { kind: 'settled' }
}

function verdictOf(target: TargetState): Verdict {
  const build = verdictOfBuild(target)
  const verdict = build === 'fine' ? verdictOfRun(target) : build
  const [ignored] = target.suspended
  // What is on its way is waited for all the same.
  if (ignored === undefined || verdict === 'busy') return verdict
  return { why: `changes of ${ignored.path} are suspended` }
}

function verdictOfBuild({ build, generation, builtGeneration, wanted }: TargetState): Verdict {
  switch (build.kind) {
    case 'queued':
      return build.hold?.kind === 'paused' ? { why: 'paused' } : 'busy'
    case 'building':
      return 'busy'
    case 'failed':
      return { why: `build failed: ${build.headline}` }
    case 'skipped':
      return { why: `skipped, ${build.because} failed` }
    case 'canceled':
      return wanted ? { why: `build canceled: ${build.reason}` } : 'fine'
    case 'idle':
      return wanted ? 'busy' : 'fine'
    case 'succeeded':
      return builtGeneration < generation && wanted ? 'busy' : 'fine'
    case 'none':
      return 'fine'
  }
}

function verdictOfRun({ run, wanted, start }: TargetState): Verdict {
  switch (run.kind) {
    case 'starting':
    case 'stopping':
      return 'busy'
    case 'waiting':
      return { why: run.hold.text }
    case 'crashed':
      return run.restartAt === null ? { why: `crashed: ${describeEnd(run.end)}` } : 'busy'
    case 'not-ready':
      return { why: `not ready: ${run.detail}` }
    case 'port-in-use':
      return { why: `port ${run.port} is in use by ${run.holder}` }
    case 'stopped':
      if (run.reason === 'init-failed') return { why: 'its initialization failed' }
      // A function that nobody calls is where it should be.
      if (start === 'on-invoke') return 'fine'
      return wanted && run.reason !== 'manual' && run.reason !== 'idle' ? 'busy' : 'fine'
    case 'none':
    case 'external':
    case 'ready':
    case 'completed':
      return 'fine'
  }
}
