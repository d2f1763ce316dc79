/** A decision that breaks a rule. Whoever knows the history prints it beside. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule'
}

export function demand(holds: boolean, rule: string): void {
  if (!holds) throw new BrokenRule(rule)
}
