import { readdirSync } from 'node:fs'

import { expect, test, vi } from 'vitest'

import { runCommand } from './cli.ts'

/** What the help of these arguments says. */
async function help(...args: readonly string[]): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    expect(await runCommand([...args, '--help'], '1.2.3')).toBe(0)
    return log.mock.calls.map(([text]) => String(text)).join('\n')
  } finally {
    log.mockRestore()
  }
}

const commands = readdirSync(new URL('commands/', import.meta.url))
  .filter((file) => file.endsWith('.command.ts'))
  .map((file) => [file.replace('.command.ts', '')])
  .flatMap(([name = '']) =>
    name === 'lock' ? ['status', 'break', 'repair'].map((each) => [name, each]) : [[name]],
  )

test.for(commands)(
  'the help of a command says what it is for, shows an example and its exit codes: %s %s',
  async (command) => {
    const [usage = '', , purpose = '', ...rest] = (await help(...command)).split('\n')
    expect(usage).toMatch(new RegExp(`^singletrack ${command.join(' ')}\\b`))
    expect(purpose).toMatch(/^[A-Z].{10,}/)
    expect(rest).toContain('Examples:')
    expect(rest).toContain('With every command:')
    expect(rest.join(' ')).toMatch(/Exit codes: /)
    for (const line of rest) expect(line.length).toBeLessThanOrEqual(100)
  },
)

test('the list of all commands takes a line each', async () => {
  const lines = (await help()).split('\n')
  const begin = lines.indexOf('Commands:') + 1
  const listed = lines.slice(begin, lines.indexOf('', begin))
  expect(listed.every((line) => line.startsWith('  singletrack '))).toBe(true)
})

test('the name alone says what to do first, and exits 2', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    expect(await runCommand([], '1.2.3')).toBe(2)
    expect(String(write.mock.calls[0]?.[0])).toMatch(/^singletrack: say what to do\. To begin:\n\n/)
  } finally {
    write.mockRestore()
  }
})
