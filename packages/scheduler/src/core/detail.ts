/** The value or the error of a run. Most have none, and then there is nothing to keep. */
export class Detail {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}
