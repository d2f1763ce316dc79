import type { Writable } from 'node:stream'

import type { CommandState } from './command-state.ts'
import type { Command } from './command/command.ts'
import type { Control, Grace } from './control/control.ts'
import type { AsyncJobFunction, ErrorHandler, JobFunction, SpawnHook } from './control/hooks.ts'
import { Priority } from './control/priority.ts'
import type { JobEvents } from './events/job-event.ts'
import type { Job } from './job.ts'
import type { JobOutput } from './output/output-line.ts'
import { defaults } from './task/defaults.ts'
import type { JobTask } from './task/job-task.ts'
import { OpenTicket, type Ticket } from './ticket.ts'
import { validGrace, validSignal } from './valid-arguments.ts'

/** `Omit` for each member of a union. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

/** The job: turns calls into controls. */
export class TaskJob implements Job {
  readonly #task: JobTask

  constructor(task: JobTask) {
    this.#task = task
  }

  get command(): Command {
    return this.#task.command
  }

  get state(): CommandState {
    return this.#task.state
  }

  get task(): Promise<void> {
    return this.#task.ended
  }

  get events(): JobEvents {
    return this.#task.reporter.events
  }

  get output(): JobOutput {
    return this.#task.output
  }

  get stdin(): Writable | undefined {
    return this.#task.stdin
  }

  isRunning(): boolean {
    const { kind } = this.#task.state
    return kind === 'running' || kind === 'stopping'
  }

  isDead(): boolean {
    return this.#task.isDead
  }

  start(): Ticket {
    return this.#send({ kind: 'start' })
  }

  stop(): Ticket {
    return this.#send({ kind: 'stop', grace: undefined })
  }

  stopWithSignal(signal: NodeJS.Signals, graceMs: number): Ticket {
    return this.#send({ kind: 'stop', grace: validGrace(signal, graceMs) })
  }

  restart(): Ticket {
    return this.#restart(undefined)
  }

  restartWithSignal(signal: NodeJS.Signals, graceMs: number): Ticket {
    return this.#restart(validGrace(signal, graceMs))
  }

  tryRestart(): Ticket {
    return this.#tryRestart(undefined)
  }

  tryRestartWithSignal(signal: NodeJS.Signals, graceMs: number): Ticket {
    return this.#tryRestart(validGrace(signal, graceMs))
  }

  signal(signal: NodeJS.Signals): Ticket {
    return this.#send({ kind: 'signal', signal: validSignal(signal) })
  }

  toWait(): Ticket {
    return this.#send({ kind: 'toWait' }, Priority.high)
  }

  run(fn: JobFunction): Ticket {
    return this.#send({ kind: 'run', fn })
  }

  runAsync(fn: AsyncJobFunction): Ticket {
    return this.#send({ kind: 'runAsync', fn })
  }

  setSpawnHook(hook: SpawnHook): Ticket {
    return this.#send({ kind: 'setSpawnHook', hook })
  }

  unsetSpawnHook(): Ticket {
    return this.#send({ kind: 'setSpawnHook', hook: undefined })
  }

  setErrorHandler(handler: ErrorHandler): Ticket {
    return this.#send({ kind: 'setErrorHandler', handler })
  }

  unsetErrorHandler(): Ticket {
    return this.#send({ kind: 'setErrorHandler', handler: undefined })
  }

  delete(): Ticket {
    return this.#send({ kind: 'delete', isUrgent: false, grace: undefined })
  }

  deleteNow(): Ticket {
    return this.#send({ kind: 'delete', isUrgent: true, grace: undefined }, Priority.urgent)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const graceMs = this.command.options?.graceMs ?? defaults.graceMs
    const grace: Grace = { signal: 'SIGTERM', graceMs }
    this.#send({ kind: 'delete', isUrgent: true, grace }, Priority.urgent)
    await this.task
  }

  #restart(grace: Grace | undefined): Ticket {
    return this.#send({ kind: 'restart', onlyIfRunning: false, grace })
  }

  #tryRestart(grace: Grace | undefined): Ticket {
    return this.#send({ kind: 'restart', onlyIfRunning: true, grace })
  }

  #send(
    control: Without<Control, 'ticket' | 'next'>,
    priority: Priority = Priority.normal,
  ): Ticket {
    const ticket = new OpenTicket()
    this.#task.send({ ...control, ticket }, priority)
    return ticket
  }
}
