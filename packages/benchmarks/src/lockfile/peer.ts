import { contenders, type ContenderName } from './contenders.ts'

/** Holds a lock until told to release it, and tells when it did. */
const [, , name = '', folder = ''] = process.argv

function isContender(text: string): text is ContenderName {
  return text in contenders
}

if (!isContender(name)) throw new Error(`there is no contender ${name}`)
const release = await contenders[name].acquire(folder)
process.send?.('held')
process.on('message', () => {
  void giveBack()
})

async function giveBack(): Promise<void> {
  const atMs = performance.timeOrigin + performance.now()
  // A holder that was robbed cannot release; that is the finding, not an error.
  await release().catch(() => undefined)
  process.send?.(atMs)
}
