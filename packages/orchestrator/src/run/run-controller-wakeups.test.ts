import { expect, test } from 'vitest'

import { RunRig } from '../../test/support/run-rig.ts'

/** A start takes fewer turns of the microtask queue than this, so that every moment of it is met. */
const TURNS = 60

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve()
}

test('a wish must not be lost, whatever moment of a start it comes in', async () => {
  for (let moment = 0; moment < TURNS; moment += 1) {
    const rig = new RunRig()
    rig.controller.replace(null)
    await turns(moment)
    const { length: before } = rig.fake.children
    rig.controller.replace(null)
    await rig.until(
      () => rig.fake.children.length > before && rig.controller.state.kind === 'ready',
    )
    expect(rig.fake.living, `${moment} turns after the first wish`).toHaveLength(1)
  }
})

test('a stop must not be lost, whatever moment of a start it comes in', async () => {
  for (let moment = 0; moment < TURNS; moment += 1) {
    const rig = new RunRig()
    rig.controller.replace(null)
    await turns(moment)
    await rig.controller.stop('manual')
    expect(rig.fake.living, `${moment} turns after the wish`).toHaveLength(0)
    expect(rig.controller.state).toEqual({ kind: 'stopped', reason: 'manual' })
  }
})

test('the end of a hold must not be lost, whatever moment of the wait it comes in', async () => {
  for (let moment = 0; moment < TURNS; moment += 1) {
    const rig = new RunRig()
    rig.hold = { kind: 'dependency', on: ['db'], text: 'waits for db to be ready', since: 0 }
    rig.controller.replace(null)
    await turns(moment)
    rig.hold = null
    rig.controller.reconsider()
    await rig.until(() => rig.controller.state.kind === 'ready')
    expect(rig.fake.children, `${moment} turns after the wish`).toHaveLength(1)
  }
})

test('a hold that ends while it is being told must not keep the start back', async () => {
  const rig = new RunRig()
  rig.hold = { kind: 'dependency', on: ['db'], text: 'waits for db to be ready', since: 0 }
  rig.events.subscribe((event) => {
    if (event.type === 'held') rig.hold = null
  })
  rig.controller.replace(null)
  await rig.until(() => rig.controller.state.kind === 'ready')
})
