import type { PlainValue } from '../document/setting-node.ts'
import type { CargoWorkspace } from '../presets/cargo-metadata.ts'

/** A target for each program; those that use the Lambda runtime start on their first invocation. */
export function cargoTargets(
  cargo: CargoWorkspace,
): ReadonlyMap<string, Readonly<Record<string, PlainValue>>> {
  return new Map(
    cargo.binaries.map(({ name, isLambda }) => [
      name,
      { extends: isLambda ? 'cargo-lambda' : 'cargo' },
    ]),
  )
}
