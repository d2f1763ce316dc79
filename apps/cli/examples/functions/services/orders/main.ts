import { fieldsOf, parseEvent } from '../../shared/events.ts'
import { formatMoney } from '../../shared/money.ts'
import { serve } from '../../shared/serve.ts'

const version = '1'

serve('orders', {
  'GET /': () => ({
    status: 200,
    body: {
      function: 'orders',
      version,
      region: process.env['REGION'],
      publishes: { 'order.placed': fieldsOf('order.placed') },
      example: `an order of ${formatMoney(1000)}`,
    },
  }),

  'POST /orders': async (body) => {
    const order = parseEvent('order.placed', body)
    const invoice = parseEvent('invoice.written', await post('BILLING_URL', '/invoices', order))
    // An order counts even when the customer cannot be told right now.
    const email = await post('EMAILS_URL', '/emails', {
      orderId: order.orderId,
      to: order.customer,
      subject: `Your order: ${formatMoney(invoice.totalInCents)}`,
    }).catch(() => 'not sent')
    return { status: 201, body: { order, invoice, email } }
  },
})

async function post(urlVariable: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, process.env[urlVariable]), {
    method: 'POST',
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`)
  return response.json()
}
