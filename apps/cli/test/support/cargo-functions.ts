import { readFileSync } from 'node:fs'

import { cargoWorkspace, manifest } from './cargo-workspace.ts'
import { eventually } from './eventually.ts'
import type { Program } from './program.ts'
import type { Workspace } from './workspace.ts'

const runtimeSource = (file: string): string =>
  readFileSync(new URL(`../../examples/cargo-lambda/runtime/src/${file}`, import.meta.url), 'utf8')

/**
 * A crate that is called `lambda_runtime` and needs no registry. Only its name is the real one's;
 * it speaks the same protocol on the standard library.
 */
export const runtimeCrate = (): Record<string, string> => ({
  'lambda_runtime/Cargo.toml': manifest('lambda_runtime').replace('2021', '2024'),
  'lambda_runtime/src/lib.rs': runtimeSource('lib.rs'),
  'lambda_runtime/src/http.rs': runtimeSource('http.rs'),
})

/** A function that answers with its version, the event, and the variables of these names. */
export const functionCrate = (
  name: string,
  variables: readonly string[] = [],
  metadata = '',
): Record<string, string> => ({
  [`${name}/Cargo.toml`]: manifest(name, { uses: ['lambda_runtime'], manifest: metadata }).replace(
    '2021',
    '2024',
  ),
  [`${name}/src/main.rs`]: `use lambda_runtime::json_string;

const VERSION: &str = "1";

fn main() {
    lambda_runtime::run(|invocation| {
        let names: [&str; ${variables.length}] = ${JSON.stringify(variables)};
        let env: Vec<String> = names
            .iter()
            .map(|name| json_string(&std::env::var(name).unwrap_or_default()))
            .collect();
        Ok(format!(
            r#"{{"function":"${name}","version":"{VERSION}","env":[{}],"event":{}}}"#,
            env.join(","),
            if invocation.payload.is_empty() { "null" } else { &invocation.payload },
        ))
    })
}
`,
})

/** A Cargo workspace of functions as people have it who use `cargo lambda watch`. */
export const functionsWorkspace = (
  names: readonly string[],
  ...files: readonly Readonly<Record<string, string>>[]
): Workspace => cargoWorkspace(['lambda_runtime', ...names], runtimeCrate(), ...files)

/** Where the functions of a session are invoked. */
export async function endpointOf(session: Program): Promise<string> {
  const event = await session.event(({ type }) => type === 'listening')
  return event.type === 'listening' ? event.url : ''
}

/** What `singletrack invoke` prints. */
export async function invoke(
  workspace: Workspace,
  name: string,
  event: unknown = {},
): Promise<Record<string, unknown>> {
  await using program = workspace.run(['invoke', name, '--data', JSON.stringify(event)])
  const { code } = await program.end()
  if (code !== 0) throw new Error(`invoke ended with ${code}\n${program.tail()}`)
  return JSON.parse(program.stdout) as Record<string, unknown>
}

/** Invokes until the answer is of this version. */
export async function answersAs(
  workspace: Workspace,
  name: string,
  version: string,
): Promise<Record<string, unknown>> {
  return eventually(`${name} answers as ${version}`, async () => {
    const answer = await invoke(workspace, name)
    return answer['version'] === version ? answer : undefined
  })
}
