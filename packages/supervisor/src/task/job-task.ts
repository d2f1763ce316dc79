import type { Writable } from 'node:stream'

import type { Clock } from '../clock.ts'
import type { CommandState } from '../command-state.ts'
import type { Command } from '../command/command.ts'
import type { Control, RestartControl } from '../control/control.ts'
import type { JobContext } from '../control/hooks.ts'
import type { Priority } from '../control/priority.ts'
import type { Effect } from '../machine/effect.ts'
import type { Input } from '../machine/input.ts'
import { mustWait } from '../machine/must-wait.ts'
import type { Phase } from '../machine/phase.ts'
import { publishedState } from '../machine/published-state.ts'
import { transition } from '../machine/transition.ts'
import type { OutputHub } from '../output/output-hub.ts'
import type { SpawnProcess } from '../process/process-handle.ts'
import type { OpenTicket } from '../ticket.ts'
import { ControlQueues } from './control-queues.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import { FunctionRunner } from './function-runner.ts'
import { Reporter } from './reporter.ts'
import { Runs } from './runs.ts'

/** So many controls are served before timers and streams get a turn. */
const controlsPerTurn = 4_096

/**
 * The loop around the state machine: serves controls by priority, feeds the machine with them and
 * with what the system tells, and does what the machine says.
 */
export class JobTask {
  readonly command: Command
  readonly reporter: Reporter
  /** Resolves when the job has been deleted and nothing of it is left. */
  readonly ended: Promise<void>
  readonly #clock: Clock
  readonly #runs: Runs
  readonly #queues = new ControlQueues()
  readonly #functions: FunctionRunner
  #phase: Phase<OpenTicket> = { kind: 'pending' }
  #state: CommandState = { kind: 'pending' }
  readonly #timer: DeadlineTimer
  /** Stops that were sent while something before them in the queue may have to wait. */
  readonly #newStops = new Set<Control>()
  #inputs: Input<OpenTicket>[] = []
  #isFeeding = false
  #isScheduled = false
  #resolveEnded: () => void = () => {}

  constructor(command: Command, clock: Clock, spawn: SpawnProcess) {
    this.command = command
    this.#clock = clock
    this.reporter = new Reporter(clock)
    const feed = (input: Input<OpenTicket>): void => this.#feed(input)
    this.#timer = new DeadlineTimer(clock, () => feed({ kind: 'expired' }))
    this.#runs = new Runs({ command, clock, spawn, reporter: this.reporter, feed })
    this.#functions = new FunctionRunner(this.reporter, () => this.#schedule())
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
  }

  get state(): CommandState {
    return this.#state
  }

  get isDead(): boolean {
    return this.#phase.kind === 'dead'
  }

  get stdin(): Writable | undefined {
    return this.#runs.current?.handle.stdin
  }

  get output(): OutputHub {
    return this.#runs.output
  }

  send(control: Control, priority: Priority): void {
    if (this.isDead) {
      control.ticket.settle({ status: 'gone' })
      return
    }
    this.#queues.push(control, priority)
    if (control.kind === 'stop') this.#newStops.add(control)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => this.#serveQueues())
  }

  /** Expired timer, urgent, high, normal: after each control, from the start. */
  #serveQueues(): void {
    // What is sent meanwhile is found by this loop: another one would starve timers and streams.
    this.#isScheduled = true
    for (let served = 0; !this.isDead; served += 1) {
      if (served >= controlsPerTurn) {
        setImmediate(() => this.#serveQueues())
        return
      }
      if (this.#timer.hasPassed) {
        this.#feed({ kind: 'expired' })
        continue
      }
      const urgent = this.#queues.urgent.shift() ?? this.#queues.high.shift()
      if (urgent !== undefined) {
        this.#serve(urgent)
        continue
      }
      const next = this.#queues.normal.peek()
      if (next === undefined || this.#functions.isBusy || mustWait(this.#phase, next)) break
      this.#queues.normal.shift()
      this.#serve(next)
    }
    this.#isScheduled = false
    this.#heedNewStops()
  }

  #serve(control: Control): void {
    if (
      control.kind !== 'restart' &&
      control.kind !== 'toWait' &&
      this.#runs.current !== undefined
    ) {
      this.#feed({ kind: 'other' })
    }
    const { ticket } = control
    switch (control.kind) {
      case 'start':
      case 'toWait':
        this.#feed({ kind: control.kind, ticket })
        break
      case 'stop':
        this.#newStops.delete(control)
        this.#feed({ kind: 'stop', grace: control.grace, ticket })
        break
      case 'restart':
        this.#serveRestart(control)
        break
      case 'signal':
        this.#feed({ kind: 'signal', signal: control.signal, ticket })
        break
      case 'run':
        this.#functions.run(control.fn, this.#context(), ticket)
        break
      case 'runAsync':
        this.#functions.runAsync(control.fn, this.#context(), ticket)
        break
      case 'setSpawnHook':
        this.#runs.setSpawnHook(control.hook)
        ticket.settle({ status: 'done' })
        break
      case 'setErrorHandler':
        this.reporter.setErrorHandler(control.handler)
        ticket.settle({ status: 'done' })
        break
      case 'delete':
        if (control.isUrgent) this.#functions.abort()
        this.#feed({ kind: 'delete', grace: control.grace, urgent: control.isUrgent, ticket })
        break
    }
  }

  #serveRestart(control: RestartControl): void {
    const tickets = [control.ticket]
    const isAtRest = this.#phase.kind === 'pending' || this.#phase.kind === 'finished'
    if (isAtRest && !control.onlyIfRunning) {
      // The restarts that follow at once want what this one begins. While a run is being ended, the
      // machine lets them join.
      for (
        let next = this.#queues.normal.peek();
        next?.kind === 'restart';
        next = this.#queues.normal.peek()
      ) {
        tickets.push(next.ticket)
        this.#queues.normal.shift()
      }
    }
    const { grace, onlyIfRunning } = control
    this.#feed({ kind: 'restart', grace, onlyIfRunning, tickets })
  }

  /** A stop behind a waiting start already ends the present run, and has its turn later. */
  #heedNewStops(): void {
    if (this.#newStops.size === 0) return
    for (const stop of this.#newStops) {
      if (stop.kind !== 'stop' || !isEnding(this.#phase)) continue
      this.#feed({ kind: 'stop', grace: stop.grace, ticket: undefined })
    }
    this.#newStops.clear()
  }

  #context(): JobContext {
    const previous = this.#runs.previous(this.#state)
    return { command: this.command, current: this.#state, previous }
  }

  /** Steps the machine. What an effect feeds waits until all effects of its step are done. */
  #feed(input: Input<OpenTicket>): void {
    this.#inputs.push(input)
    if (this.#isFeeding) return
    this.#isFeeding = true
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      const step = transition(this.#phase, next, this.#clock.now())
      const wasDead = this.isDead
      this.#enter(step.phase)
      for (const effect of step.effects) this.#perform(effect)
      if (this.isDead && !wasDead) void this.#end()
    }
    this.#isFeeding = false
    this.#schedule()
  }

  #enter(phase: Phase<OpenTicket>): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#state = publishedState(phase, this.#state)
    this.#timer.set('deadline' in phase ? phase.deadline : undefined)
  }

  #perform(effect: Effect<OpenTicket>): void {
    switch (effect.kind) {
      case 'settle':
        for (const ticket of effect.tickets) ticket.settle(effect.outcome)
        break
      case 'spawn':
        void this.#runs.begin(effect.reason)
        break
      case 'abortSpawn':
        this.#runs.abortSpawn()
        break
      case 'stopSignal':
        this.#runs.stop(effect.signal, effect.reason, this.#timer.deadline ?? this.#clock.now())
        break
      case 'signal':
        effect.ticket.settle(this.#runs.signal(effect.signal))
        break
      case 'giveUp':
        this.#runs.giveUp()
        break
      case 'finished':
        // A dead job goes on showing how its last run ended.
        if (this.isDead) this.#state = effect.state
        this.#runs.over(effect.state)
        break
    }
  }

  async #end(): Promise<void> {
    this.#functions.abort()
    this.#queues.abort()
    this.#newStops.clear()
    this.reporter.event({ kind: 'deleted' })
    await this.#runs.closeOutput()
    this.#resolveEnded()
  }
}

function isEnding<T>(phase: Phase<T>): boolean {
  return phase.kind === 'lingering' || phase.kind === 'stopping' || phase.kind === 'killing'
}
