import { fieldsOf, parseEvent } from '../../shared/events.ts'
import { formatMoney } from '../../shared/money.ts'
import { serve } from '../../shared/serve.ts'

const version = '1'
const taxPercent = Number(process.env['TAX_PERCENT'])

serve('billing', {
  'GET /': () => ({
    status: 200,
    body: {
      function: 'billing',
      version,
      region: process.env['REGION'],
      publishes: { 'invoice.written': fieldsOf('invoice.written') },
      example: `an invoice of ${formatMoney(withTax(1000))}`,
    },
  }),

  'POST /invoices': (body) => {
    const { orderId, amountInCents } = parseEvent('order.placed', body)
    return { status: 201, body: { orderId, totalInCents: withTax(amountInCents) } }
  },
})

function withTax(cents: number): number {
  return Math.round(cents * (1 + taxPercent / 100))
}
