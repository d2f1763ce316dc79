import type { CommandModule } from 'yargs'

import type { ColorChoice } from './terminal.ts'

/** What the help calls the options of one command. */
export const OPTIONS = 'Options:'

/** What every command is given beside its own arguments. */
export interface GlobalArguments {
  readonly root: string | undefined
  readonly config: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: number
  readonly color: ColorChoice
}

/** What a command needs of the program around it. */
export interface CommandContext {
  readonly version: string
  /** Sets the exit code. */
  readonly finish: (exitCode: number) => void
}

/** Makes the description of one command; its work is loaded only when it runs. */
export type DefineCommand<Arguments> = (
  context: CommandContext,
) => CommandModule<GlobalArguments, GlobalArguments & Arguments>
