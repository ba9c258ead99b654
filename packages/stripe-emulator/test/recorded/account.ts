import qs from 'qs'
import type { Call } from './replay.ts'

/** What the recorded accounts had before the recordings began. */
const PRODUCT = { id: 'prod_EYTX7RYhRjcwKD', name: 'Test Subscription', unit_label: 'user' }
const SHIRT = { id: 'prod_IxQQWtyij0rvGp', name: 'T-Shirt' }

const PLANS = [
  { id: 'small-monthly', amount: 2500, interval: 'month', nickname: 'Small Monthly' },
  { id: 'small-annual', amount: 25_000, interval: 'year', nickname: 'Small Annual' },
  { id: 'default', amount: 1000, interval: 'month', nickname: 'Default' },
]
const WITHOUT_TAX = ['small-monthly', 'default']

/** Prices by their recorded id. */
const PRICES = [
  { recorded: 'price_1ILVZaKXBGcbgpbZQ26kgXWG', product: SHIRT.id, unit_amount: 1500 },
  {
    recorded: 'price_1JNJJkKXBGcbgpbZuOiH3XJK',
    product: PRODUCT.id,
    unit_amount: 1900,
    recurring: { interval: 'month' },
  },
]

const COUPONS = [
  { id: '10BUCKS', amount_off: 1000, currency: 'usd', duration: 'forever', name: '$10 Test' },
  { id: '10OFF', percent_off: 10, duration: 'forever', name: '10% Off' },
  { id: 'sirmAxRi', percent_off: 50, duration: 'forever', name: 'Half Off' },
]

/** Creates what the recorded accounts had. Returns our ids of what has another id here. */
export async function openAccount(call: Call): Promise<Map<string, string>> {
  const ids = new Map([PRODUCT, SHIRT].map(({ id }) => [id, id]))
  const post = async (path: string, fields: object) => {
    const { status, body } = await call({ method: 'POST', path, body: qs.stringify(fields) })
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return String(Object(body)['id'])
  }
  for (const product of [PRODUCT, SHIRT]) await post('/v1/products', product)
  for (const plan of PLANS) {
    await post('/v1/plans', { ...plan, currency: 'usd', product: PRODUCT.id })
  }
  for (const id of WITHOUT_TAX) await post(`/v1/prices/${id}`, { tax_behavior: 'exclusive' })
  for (const { recorded, ...price } of PRICES) {
    const fields = { ...price, currency: 'usd' }
    ids.set(recorded, await post('/v1/prices', fields))
  }
  for (const coupon of COUPONS) await post('/v1/coupons', coupon)
  return ids
}
