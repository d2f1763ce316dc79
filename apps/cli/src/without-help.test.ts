import { expect, test } from 'vitest'
import yargs from 'yargs'

import { usageOf, withoutHelpOfRunningCommand } from './without-help.ts'

test('yargs has what is turned off where it is looked for', () => {
  expect(usageOf(yargs([]))).not.toBeNull()
})

test('the help of a command that runs is not worked out', async () => {
  const program = yargs(['go']).command('go', 'Go far', {}, () => undefined)
  let isAsked = false
  const help = (): string => {
    isAsked = true
    return ''
  }
  Object.assign(usageOf(program) ?? {}, { help })
  await withoutHelpOfRunningCommand(program).parseAsync()
  expect(isAsked).toBe(false)
})

test('help that is asked for is there all the same', async () => {
  const program = yargs([]).command('go', 'Go far').scriptName('walk')
  expect(await withoutHelpOfRunningCommand(program).getHelp()).toContain('walk go  Go far')
})
