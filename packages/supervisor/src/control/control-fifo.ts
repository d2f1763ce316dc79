import type { Control } from './control.ts'

/** First in, first out, linked through the controls themselves: an idle job owns no memory here. */
export class ControlFifo {
  #first: Control | undefined
  #last: Control | undefined

  push(control: Control): void {
    if (this.#last === undefined) this.#first = control
    else this.#last.next = control
    this.#last = control
  }

  peek(): Control | undefined {
    return this.#first
  }

  shift(): Control | undefined {
    const control = this.#first
    if (control === undefined) return undefined
    this.#first = control.next
    if (this.#first === undefined) this.#last = undefined
    delete control.next
    return control
  }

  /** From the first to the last, which all stay. */
  *[Symbol.iterator](): Generator<Control> {
    for (let control = this.#first; control !== undefined; control = control.next) yield control
  }
}
