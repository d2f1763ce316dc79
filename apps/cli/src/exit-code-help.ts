const USAGE = '2 usage or configuration'
const NO_SESSION = '5 no session'
const SIGNAL = '128 + n ended by signal n'

/** A command of the program; `lock` stands for those below it. */
export type DescribedCommand =
  | 'build'
  | 'config'
  | 'doctor'
  | 'env'
  | 'exec'
  | 'explain'
  | 'init'
  | 'invoke'
  | 'lock'
  | 'logs'
  | 'plan'
  | 'restart'
  | 'signal'
  | 'start'
  | 'status'
  | 'stop'
  | 'trace'
  | 'wait'
  | 'watch'
  | 'why'

/** What the exit codes of each command mean; the last line of its help. */
const MEANINGS: Readonly<Record<DescribedCommand, readonly string[]>> = {
  build: ['0 all are built', '1 a build failed', USAGE, SIGNAL],
  config: ['0 the configuration is good', '2 it is not'],
  doctor: ['0 nothing is a problem', '1 something is'],
  env: ['0 done', USAGE],
  exec: [
    'that of the command',
    '128 + n when a signal ended it',
    '125 our own failure',
    '126 not executable',
    '127 not found',
  ],
  explain: ['0 done', USAGE],
  init: ['0 written', '2 there is one already, or nothing was found'],
  invoke: ['0 answered', '1 the function failed', USAGE, NO_SESSION],
  lock: ['0 done', '1 a living holder keeps a lock', USAGE],
  logs: ['0 done', USAGE, '5 no session to follow'],
  plan: ['0 done', USAGE],
  restart: ['0 on its way', USAGE, NO_SESSION],
  signal: ['0 sent', '1 the target has no process', USAGE, NO_SESSION],
  start: ['0 on its way', USAGE, NO_SESSION],
  status: ['0 done', USAGE, NO_SESSION],
  stop: ['0 gone', USAGE, NO_SESSION],
  trace: ['0 written', USAGE, NO_SESSION],
  wait: [
    '0 reached',
    '1 something failed, is skipped, crashed, suspended or paused',
    '4 timed out',
    NO_SESSION,
  ],
  watch: [
    '0 ended with q',
    USAGE,
    '3 another session holds the watch lock',
    '70 the lock was lost',
    SIGNAL,
    'with -- COMMAND that of the command',
    '125 our own failure',
    '126 not executable',
    '127 not found',
  ],
  why: ['0 done', USAGE, NO_SESSION],
}

/** One line for the end of the help of a command. */
export const exitCodeHelp = (command: DescribedCommand): string =>
  `Exit codes: ${MEANINGS[command].join(' · ')}`
