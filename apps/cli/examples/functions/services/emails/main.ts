import { fieldsOf, parseEvent } from '../../shared/events.ts'
import { formatMoney } from '../../shared/money.ts'
import { serve } from '../../shared/serve.ts'

const version = '1'

// The unreliable one: it can be made to fail at its start, to crash, and to resist its end.
if (process.env['EMAILS_FAIL_START'] === '1') {
  throw new Error('EMAILS_FAIL_START is set: the mail server cannot be reached')
}

serve('emails', {
  'GET /': () => ({
    status: 200,
    body: {
      function: 'emails',
      version,
      region: process.env['REGION'],
      publishes: { 'email.sent': fieldsOf('email.sent') },
      example: `from ${process.env['EMAILS_FROM']}: thank you for ${formatMoney(1250)}`,
    },
  }),

  'POST /emails': (body) => {
    const { to, subject } = parseEvent('email.sent', body)
    console.log(`to ${to}: ${subject}`)
    return { status: 202, body: 'sent' }
  },

  'POST /crash': () => ({
    status: 202,
    body: 'crashing with exit code 1',
    afterwards: () => process.exit(1),
  }),

  'POST /hang': () => {
    process.removeAllListeners('SIGTERM')
    process.on('SIGTERM', () => console.error('SIGTERM ignored'))
    return { status: 202, body: 'ignoring SIGTERM from now on' }
  },
})
