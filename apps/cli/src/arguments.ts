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
  /** Whether a command stands after `--`. */
  readonly isCommandGiven: boolean
  /**
   * Exit codes are those of the command after `--`: what is wrong with our own arguments must not
   * look like one of them, so it is 125, as with `env` and `timeout`.
   */
  readonly passThrough: () => void
}

/** Makes the description of one command; its work is loaded only when it runs. */
export type DefineCommand<Arguments> = (
  context: CommandContext,
) => CommandModule<GlobalArguments, GlobalArguments & Arguments>
