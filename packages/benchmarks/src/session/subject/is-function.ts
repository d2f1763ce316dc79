import type { Process } from '../processes/process-table.ts'

/** Whether it is a function's own program, not a shell or a watcher that names it in its arguments. */
export function isFunction({ command }: Pick<Process, 'command'>): boolean {
  const [program = '', ...args] = command.split(' ')
  const [script = ''] = args.filter((arg) => !arg.startsWith('-'))
  const watches = args.some((arg) => arg === '--watch' || arg.startsWith('--watch-path'))
  return program.endsWith('/node') && !watches && /^services\/.*main\.mjs$/.test(script)
}
