import { readdirSync, readFileSync } from 'node:fs'
import qs from 'qs'
import { expect, test } from 'vitest'
import { startStripeEmulator } from '../src/index.ts'
import { onEnd } from './harness.ts'
import { accepted, differences } from './recorded-differences.ts'
import { checkedObserver } from './schemas/observe.ts'

/** Real traffic with Stripe. `accepted` lists the differences between it and the pinned API version. */
const FOLDER = new URL('../../../tooling/testing/stripe-recorded/', import.meta.url)
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))

interface Recorded {
  method: string
  path: string
  query: string
  request_body: string
  status: number
  response: Record<string, unknown>
}

type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

/** The products and prices that the recorded account had. */
const PLANS = [
  { id: 'small-monthly', amount: 2500, interval: 'month', nickname: 'Small Monthly' },
  { id: 'small-annual', amount: 25_000, interval: 'year', nickname: 'Small Annual' },
  { id: 'default', amount: 1000, interval: 'month', nickname: 'Default' },
]

async function setUp() {
  const emulator = await startStripeEmulator({ observer: checkedObserver() })
  onEnd(() => emulator.stop())
  const call = async (method: string, path: string, form: object | string = '') => {
    const body = typeof form === 'string' ? form : qs.stringify(form)
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers: {
        Authorization: 'Bearer sk_test_x',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      ...(method === 'GET' || method === 'DELETE' ? {} : { body }),
    })
    const answer: Record<string, unknown> = JSON.parse(await response.text())
    return { status: response.status, body: answer, headers: response.headers }
  }
  await call('POST', '/v1/products', {
    id: 'prod_EYTX7RYhRjcwKD',
    name: 'Test Subscription',
    unit_label: 'user',
  })
  for (const plan of PLANS) {
    await call('POST', '/v1/plans', { ...plan, currency: 'usd', product: 'prod_EYTX7RYhRjcwKD' })
  }
  return call
}

const ID = /\b(?:cus|sub|si|in|pi|pm|ch|il|inpay|ii|txn)_\w+/g

/** Maps recorded ids to ours, wherever both responses have an id. */
function mapIds(ids: Map<string, string>, recorded: unknown, ours: unknown): void {
  if (
    typeof recorded === 'string' &&
    typeof ours === 'string' &&
    recorded.match(ID)?.[0] === recorded
  ) {
    ids.set(recorded, ours)
  } else if (Array.isArray(recorded) && Array.isArray(ours)) {
    for (const [index, item] of recorded.entries()) mapIds(ids, item, ours[index])
  } else if (
    typeof recorded === 'object' &&
    recorded !== null &&
    typeof ours === 'object' &&
    ours !== null
  ) {
    const theirs = new Map(Object.entries(ours))
    for (const [key, value] of Object.entries(recorded)) mapIds(ids, value, theirs.get(key))
  }
}

test.each(files)('%s: the same requests get the same statuses and shapes', async (file) => {
  const flow: Recorded[] = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))
  const call = await setUp()
  const ids = new Map<string, string>()
  const found = new Set<string>()
  const ours = (text: string) => text.replace(ID, (id) => ids.get(id) ?? id)
  for (const recorded of flow) {
    const known =
      recorded.path.match(ID)?.every((id) => ids.has(id) || id.startsWith('pm_card')) ?? true
    if (!known) continue
    const query = recorded.query === '' ? '' : ours(recorded.query)
    const answer = await call(
      recorded.method,
      `${ours(recorded.path)}${query}`,
      ours(recorded.request_body),
    )
    const where = `${recorded.method} ${recorded.path}`
    expect({
      where,
      status: answer.status,
      error: answer.status < 400 ? null : answer.body['error'],
    }).toMatchObject({ where, status: recorded.status })
    mapIds(ids, recorded.response, answer.body)
    for (const one of differences(recorded.response as Json, answer.body as Json, accepted))
      found.add(one)
    expect([...answer.headers.keys()]).toEqual(
      expect.arrayContaining(['request-id', 'stripe-version', 'stripe-should-retry']),
    )
  }
  expect([...found].sort()).toEqual([])
})
