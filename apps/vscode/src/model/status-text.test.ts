import { expect, test } from 'vitest'

import { NOW, attachedRoot, cli, failed, idleRoot, target } from '../../test/support/states.ts'
import { statusText } from './status-text.ts'

const building = {
  kind: 'building',
  since: NOW,
  build: 1,
  generation: 1,
  pid: 9,
  expectedMs: null,
} as const

test('where nothing is configured and nothing runs, there is no item', () => {
  expect(statusText([idleRoot({ configured: false })], NOW)).toBeNull()
})

test.for([
  ['no session', [idleRoot()], '$(circle-outline) no session', 'normal'],
  ['all is well', [attachedRoot([target('a'), target('b')])], '$(check) 2 ready', 'normal'],
  [
    'a build',
    [attachedRoot([target('a', { phase: 'building', build: building })])],
    '$(sync~spin) building a',
    'normal',
  ],
  [
    'a failure',
    [attachedRoot([target('a', { phase: 'build-failed', build: failed }), target('b')])],
    '$(error) a failed',
    'error',
  ],
  [
    'a build while another target is broken',
    [
      attachedRoot([
        target('a', { phase: 'build-failed', build: failed }),
        target('b', { phase: 'building', build: building }),
      ]),
    ],
    '$(sync~spin) building b, 1 failed',
    'normal',
  ],
  ['a pause', [attachedRoot([target('a')], { paused: true })], '$(debug-pause) paused', 'warning'],
  [
    'a broken configuration',
    [attachedRoot([target('a')], { configuration: { kind: 'invalid', problems: ['x'] } })],
    '$(error) singletrack.jsonc is broken',
    'error',
  ],
  [
    'a build in a terminal without a session',
    [
      idleRoot({
        locks: {
          session: null,
          builds: [{ lock: 'build', holder: { ...cli, pid: 12, since: NOW - 4_000 } }],
        },
      }),
    ],
    '$(sync~spin) building (cli, pid 12), 4 s',
    'normal',
  ],
  [
    'a session of another version',
    [idleRoot({ link: { kind: 'incompatible', holder: cli, problem: 'protocol 2' } })],
    '$(warning) session of another version',
    'warning',
  ],
] as const)('the item says: %s', ([, roots, text, severity]) => {
  expect(statusText(roots, NOW)).toMatchObject({ text, severity })
})

test('with several roots the one that needs people most speaks, by its name', () => {
  const broken = attachedRoot([target('a', { phase: 'build-failed', build: failed })])
  const status = statusText([idleRoot({ name: 'x' }), { ...broken, name: 'shop' }], NOW)
  expect(status).toMatchObject({
    text: '$(error) shop: a failed',
    details: ['x: no session', 'shop: a failed'],
    label: 'Singletrack, shop: a failed',
  })
})
