import type { Timing } from './batch/schedule.ts'
import { type Clock, systemClock } from './clock.ts'
import { InvalidOptionError } from './errors.ts'
import { type IgnoreFile, parseIgnoreOption } from './ignore/ignore-file.ts'
import type { TargetDef, WatcherOptions } from './options.ts'
import { toAbsolute } from './paths.ts'
import { type WatcherWarning, emitProcessWarning } from './warnings.ts'

/** The options of a watcher with all defaults filled in. */
export interface ResolvedOptions {
  /** Absolute, with forward slashes. */
  readonly root: string
  readonly gitignore: boolean
  readonly ignore: IgnoreFile
  readonly followSymlinks: boolean
  /** Absolute. */
  readonly snapshot: string | undefined
  readonly debounceMs: number
  readonly maxWaitMs: number
  readonly vcsHoldMs: number
  readonly clock: Clock
  readonly warn: (warning: WatcherWarning) => void
}

/** Checks the options of a watcher; throws `InvalidOptionError`. */
export function resolveOptions(options: WatcherOptions): ResolvedOptions {
  if (typeof options.root !== 'string' || options.root === '') {
    throw new InvalidOptionError('root', 'must be the path of a directory')
  }
  const root = toAbsolute(options.root)
  return {
    root,
    gitignore: options.gitignore ?? true,
    ignore: parseIgnoreOption(options.ignore ?? [], root),
    followSymlinks: options.followSymlinks ?? false,
    snapshot: options.snapshot === undefined ? undefined : toAbsolute(options.snapshot),
    debounceMs: duration(options.debounceMs, 'debounceMs', 50),
    maxWaitMs: duration(options.maxWaitMs, 'maxWaitMs', 400),
    vcsHoldMs: duration(options.vcsHoldMs, 'vcsHoldMs', 2_000),
    clock: options.clock ?? systemClock,
    warn: options.onWarning ?? emitProcessWarning,
  }
}

/** The timing of one target; throws `InvalidOptionError`. */
export function resolveTiming(target: TargetDef, defaults: ResolvedOptions): Timing {
  const debounceMs = duration(target.debounceMs, `${target.id}.debounceMs`, defaults.debounceMs)
  const singleDebounce = `${target.id}.singleDebounceMs`
  return {
    edge: target.edge ?? 'trailing',
    debounceMs,
    singleDebounceMs: duration(target.singleDebounceMs, singleDebounce, debounceMs),
    maxWaitMs: duration(target.maxWaitMs, `${target.id}.maxWaitMs`, defaults.maxWaitMs),
  }
}

function duration(value: number | undefined, option: string, fallback: number): number {
  if (value === undefined) return fallback
  if (Number.isFinite(value) && value >= 0) return value
  throw new InvalidOptionError(
    option,
    `is ${value}; it must be a number of milliseconds, 0 or more`,
  )
}
