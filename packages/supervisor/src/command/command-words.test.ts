import { expect, test } from 'vitest'

import { commandWords } from './command-words.ts'

const where = { cwd: '/', path: '/bin:/usr/bin' }

test.for([
  [{ exec: 'a', args: ['b c'] }, 'a', ['b c']],
  [{ shell: 'sh', command: 'ls -l' }, 'sh', ['-c', 'exec ls -l']],
  [{ shell: 'sh', command: 'ls && ls' }, 'sh', ['-c', 'ls && ls']],
  [
    { shell: 'bash', command: 'echo $1', args: ['zero', 'one'], shellOptions: ['-e'] },
    'bash',
    ['-e', '-c', 'echo $1', 'zero', 'one'],
  ],
  [{ shell: 'cmd.exe', command: 'dir "a b"' }, 'cmd.exe', ['/d', '/s', '/c', '"dir "a b""']],
  [{ shell: 'pwsh', command: 'Get-Item a' }, 'pwsh', ['-Command', 'Get-Item a']],
] as const)('%j', ([program, file, args]) => {
  expect(commandWords({ program }, where)).toMatchObject({ file, args })
})
