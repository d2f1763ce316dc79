import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { createLambdaEmulator } from '@singletrack/lambda'

/** The emulator in a process of its own, as the echo server is. */
const emulator = createLambdaEmulator({
  port: 0,
  functions: { one: {}, four: { concurrency: 4 } },
  onInvoke: ({ instance }) => {
    const program = fileURLToPath(new URL('echo-function.ts', import.meta.url))
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, ...instance.env },
      stdio: 'ignore',
    })
    instance.started()
    instance.signal.addEventListener('abort', () => child.kill('SIGKILL'))
    child.once('exit', (code) => {
      instance.exited({ kind: 'code', code: code ?? 0 })
    })
  },
})
const url = await emulator.listen()
process.send?.(Number(new URL(url).port))
process.on('message', () => {
  // Cold again: every instance is told to end, and a new name is a new function.
  emulator.unregister('one')
  emulator.register('one')
  process.send?.('cold')
})
process.once('disconnect', () => {
  void emulator.close().then(() => process.exit())
})
