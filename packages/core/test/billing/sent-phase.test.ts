import type { Listening } from '@tollgate/testing/listen'
import { listen } from '@tollgate/testing/listen'
import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Phase } from '../../src/billing/change/schedule/sent-phase.ts'
import { sentPhase } from '../../src/billing/change/schedule/sent-phase.ts'
import { openStripe } from '../../src/stripe/gateway.ts'

let received: URLSearchParams
let server: Listening
beforeAll(async () => {
  server = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      received = new URLSearchParams(Buffer.concat(chunks).toString())
      response.setHeader('content-type', 'application/json').end('{"object":"anything"}')
    })
  })
})
afterAll(() => server.close())

/** Sends phases as an update of a schedule, and returns what arrived at Stripe, by its names. */
async function arrivedAs(phases: Stripe.SubscriptionScheduleUpdateParams.Phase[]) {
  const stripe = openStripe({ secretKey: 'sk_test_1', webhookSecrets: [], apiBase: server.url })
  await stripe.call((client) => client.subscriptionSchedules.update('sub_sched_1', { phases }))
  return Object.fromEntries([...received].filter(([, value]) => value !== ''))
}

const NOT_SENT = new Set(['plan', 'disabled_reason'])

/**
 * What has to arrive of an object that Stripe gave: each value that is set, under its own name; objects by their ids. It
 * knows no field but those that Stripe computes, and the two of which Stripe takes one.
 */
function named(value: unknown, name: string): [string, string][] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [[name, String(value)]]
  if (Array.isArray(value)) return value.flatMap((each, index) => named(each, `${name}[${index}]`))
  const fields = new Map<string, unknown>(Object.entries(value))
  if (fields.has('id')) return [[name, String(fields.get('id'))]]
  const isSet = (key: string) => fields.get(key) !== null && fields.get(key) !== undefined
  if (isSet('trial_end') || fields.get('trial') === false) fields.delete('trial')
  const discount = ['discount', 'promotion_code', 'coupon'].filter(isSet)
  for (const other of discount.slice(1)) fields.delete(other)
  return [...fields]
    .filter(([key]) => !NOT_SENT.has(key))
    .flatMap(([key, each]) => named(each, `${name}[${key}]`))
}

const text = fc.stringMatching(/^[a-z]{1,8}$/)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value)
/** An id, or the object that has it. */
const reference = (prefix: string) =>
  text.chain((word) => {
    const id = `${prefix}_${word}`
    return fc.constantFrom<string | { id: string; object: string }>(id, { id, object: 'x' })
  })
const taxRates = fc.array(
  text.map((word) => ({ id: `txr_${word}`, object: 'tax_rate' })),
  { maxLength: 2 },
)
const discounts = fc.array(
  fc
    .record({
      coupon: maybe(reference('cpn')),
      discount: maybe(reference('di')),
      promotion_code: maybe(reference('promo')),
    })
    .filter((one) => Object.values(one).some((id) => id !== null)),
  { maxLength: 2 },
)
const metadata = fc.dictionary(fc.stringMatching(/^m_[a-z]{1,6}$/), text, { maxKeys: 3 })
const party = fc.oneof(
  fc.constant({ type: 'self' }),
  reference('acct').map((account) => ({ type: 'account', account })),
)
const item = fc.record({
  billing_thresholds: maybe(fc.record({ usage_gte: fc.nat() })),
  discounts,
  metadata: maybe(metadata),
  plan: reference('price'),
  price: reference('price'),
  quantity: fc.option(fc.nat({ max: 50 }), { nil: undefined }),
  tax_rates: maybe(taxRates),
})
const added = fc.record({
  discountable: maybe(fc.boolean()),
  discounts,
  metadata: maybe(metadata),
  period: fc.record({
    start: fc.constantFrom({ type: 'phase_start' }, { type: 'timestamp', timestamp: 5 }),
    end: fc.constant({ type: 'phase_end' }),
  }),
  price: reference('price'),
  quantity: maybe(fc.nat({ max: 9 })),
  tax_rates: maybe(taxRates),
})
/** Any phase that Stripe can give. */
const phase = fc.record({
  add_invoice_items: fc.array(added, { maxLength: 2 }),
  application_fee_percent: maybe(fc.integer({ min: 1, max: 100 })),
  automatic_tax: fc.record({
    disabled_reason: maybe(fc.constant('requires_location_inputs')),
    enabled: fc.boolean(),
    liability: maybe(party),
  }),
  billing_cycle_anchor: maybe(fc.constantFrom('automatic', 'phase_start')),
  billing_thresholds: maybe(
    fc.record({ amount_gte: maybe(fc.nat()), reset_billing_cycle_anchor: maybe(fc.boolean()) }),
  ),
  collection_method: maybe(fc.constantFrom('charge_automatically', 'send_invoice')),
  currency: fc.constantFrom('usd', 'eur'),
  default_payment_method: maybe(reference('pm')),
  default_tax_rates: maybe(taxRates),
  description: maybe(text),
  discounts,
  end_date: fc.nat(),
  invoice_settings: maybe(
    fc.record({
      account_tax_ids: maybe(fc.array(reference('txi'), { maxLength: 2 })),
      custom_fields: maybe(fc.array(fc.record({ name: text, value: text }), { maxLength: 2 })),
      days_until_due: maybe(fc.integer({ min: 1, max: 90 })),
      description: maybe(text),
      footer: maybe(text),
      issuer: maybe(party),
    }),
  ),
  items: fc.array(item, { minLength: 1, maxLength: 4 }),
  metadata: maybe(metadata),
  on_behalf_of: maybe(reference('acct')),
  proration_behavior: fc.constantFrom('always_invoice', 'create_prorations', 'none'),
  start_date: fc.nat(),
  transfer_data: maybe(
    fc.record({
      amount_percent: maybe(fc.integer({ min: 1, max: 100 })),
      destination: reference('acct'),
    }),
  ),
  trial: fc.option(fc.boolean(), { nil: undefined }),
  trial_end: maybe(fc.nat()),
})

test('every phase that Stripe gives arrives at Stripe as it was, whatever is set in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 3 }), async (given) => {
      const phases: Phase[] = JSON.parse(JSON.stringify(given))
      const arrived = await arrivedAs(phases.map(sentPhase))
      expect(arrived).toEqual(Object.fromEntries(named(phases, 'phases')))
    }),
    { numRuns: 300 },
  )
})
