import { ControlFifo } from '../control/control-fifo.ts'
import type { Control } from '../control/control.ts'
import type { Priority } from '../control/priority.ts'

/** The three queues of a job. */
export class ControlQueues {
  readonly urgent: ControlFifo = new ControlFifo()
  readonly high: ControlFifo = new ControlFifo()
  readonly normal: ControlFifo = new ControlFifo()

  push(control: Control, priority: Priority): void {
    this[priority].push(control)
  }

  /** Empties all queues: the job has ended before these had their turn. */
  abort(): void {
    for (const queue of [this.urgent, this.high, this.normal]) {
      for (let control = queue.shift(); control !== undefined; control = queue.shift()) {
        control.ticket.settle({ status: 'aborted' })
      }
    }
  }
}
