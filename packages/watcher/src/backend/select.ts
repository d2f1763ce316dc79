import { InvalidOptionError } from '../errors.ts'
import type { WatcherOptions } from '../options.ts'
import type { Backend } from './backend.ts'
import { chokidarBackend } from './chokidar.ts'
import { inotifyBackend } from './inotify.ts'
import { pollBackend } from './poll.ts'

/** The backend that the options ask for, or the best one for this platform. */
export function selectBackend(options: WatcherOptions, platform: NodeJS.Platform): Backend {
  const asked = options.backend ?? 'auto'
  if (typeof asked === 'object') return asked
  switch (asked) {
    case 'auto':
      // Watches of single directories see a link, not what is behind it.
      return platform === 'linux' && options.followSymlinks !== true
        ? inotifyBackend
        : chokidarBackend
    case 'chokidar':
      return chokidarBackend
    case 'poll':
      return pollBackend
    case 'inotify':
      if (platform !== 'linux') {
        throw new InvalidOptionError('backend', '"inotify" exists on Linux only; use "auto"')
      }
      return inotifyBackend
    default:
      asked satisfies never
      throw new InvalidOptionError(
        'backend',
        `${JSON.stringify(asked)} is unknown; use "auto", "chokidar", "inotify" or "poll"`,
      )
  }
}
