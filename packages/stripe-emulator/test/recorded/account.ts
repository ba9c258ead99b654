import qs from 'qs'
import type { Call } from './replay.ts'

/** What the recorded accounts had before the recordings began. */
const PRODUCT = { id: 'prod_EYTX7RYhRjcwKD', name: 'Test Subscription', unit_label: 'user' }

const PLANS = [
  { id: 'small-monthly', amount: 2500, interval: 'month', nickname: 'Small Monthly' },
  { id: 'small-annual', amount: 25_000, interval: 'year', nickname: 'Small Annual' },
  { id: 'default', amount: 1000, interval: 'month', nickname: 'Default' },
]
const WITHOUT_TAX = ['small-monthly', 'default']

/** Prices by their recorded id. */
const PRICES = [
  { recorded: 'price_1ILVZaKXBGcbgpbZQ26kgXWG', unit_amount: 1500 },
  {
    recorded: 'price_1JNJJkKXBGcbgpbZuOiH3XJK',
    unit_amount: 1900,
    recurring: { interval: 'month' },
  },
]

/** Creates what the recorded accounts had. Returns our ids of what has another id here. */
export async function openAccount(call: Call): Promise<Map<string, string>> {
  const ids = new Map([[PRODUCT.id, PRODUCT.id]])
  const post = async (path: string, fields: object) => {
    const { status, body } = await call({ method: 'POST', path, body: qs.stringify(fields) })
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return String(Object(body)['id'])
  }
  await post('/v1/products', PRODUCT)
  for (const plan of PLANS) {
    await post('/v1/plans', { ...plan, currency: 'usd', product: PRODUCT.id })
  }
  for (const id of WITHOUT_TAX) await post(`/v1/prices/${id}`, { tax_behavior: 'exclusive' })
  for (const { recorded, ...price } of PRICES) {
    const fields = { ...price, currency: 'usd', product: PRODUCT.id }
    ids.set(recorded, await post('/v1/prices', fields))
  }
  return ids
}
