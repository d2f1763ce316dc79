import type { Workspace } from './workspace.ts'

/** What one invocation that ends by itself said, and how it ended. */
export interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `singletrack` to its end. */
export async function ask(
  workspace: Workspace,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Answer> {
  await using program = workspace.run(args, env)
  const { code } = await program.end()
  return { code, stdout: program.stdout, stderr: program.stderr }
}

/** Runs `singletrack --json …` to its end; its one document, and nothing else, is on stdout. */
export async function askJson(
  workspace: Workspace,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly document: Record<string, unknown> }> {
  await using program = workspace.run(['--json', ...args], env)
  const { code } = await program.end()
  const [document, ...others] = program.documents()
  if (document === undefined || others.length > 0)
    throw new Error(
      `singletrack ${args.join(' ')} --json is to print one document\n${program.tail()}`,
    )
  return { code, document: document as Record<string, unknown> }
}
