import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentCache } from '../src/core/store/document-cache.ts'
import type { Store } from '../src/core/store/store.ts'
import type { PaymentMethod } from '../src/documents.ts'
import { Journal } from '../src/persistence/journal.ts'
import { createStore } from '../src/registry/collections.ts'
import { onEnd, shop, start, subscriber } from './harness.ts'

function dataFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-'))
  onEnd(async () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'stripe.json')
}

const BASE_URLS = ['http://127.0.0.1:1', 'http://127.0.0.1:22']

/** A store that keeps next to nothing in memory, and its journal. */
function open(path: string, baseUrl: string) {
  const store = createStore(new DocumentCache(300))
  const journal = Journal.open({ path, store, baseUrl, compactFromBytes: 3_000 })
  return { store, journal }
}

function methodOf(id: string, customer: string | null, link: string): PaymentMethod {
  // Only what the table needs of a payment method, and a link that follows the emulator's address.
  return { id, customer, metadata: { link } } as unknown as PaymentMethod
}

type Model = Map<string, { customer: string | null; path: string }>

function expectSame(store: Store, model: Model, baseUrl: string): void {
  const ids = [...model.keys()]
  expect([...store.ids('payment_methods')]).toEqual(ids)
  for (const [id, { customer, path }] of model) {
    expect(store.get('payment_methods', id)).toEqual(methodOf(id, customer, `${baseUrl}/${path}`))
  }
  for (const customer of ['cus_a', 'cus_b']) {
    const found = store.find('payment_methods', { index: 'customer', key: customer })
    const wanted = ids.filter((id) => model.get(id)?.customer === customer)
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(wanted))
  }
}

const write = fc.record({
  id: fc.integer({ min: 1, max: 8 }).map((number) => `pm_${number}`),
  customer: fc.constantFrom('cus_a', 'cus_b', null),
  path: fc.string({ unit: 'grapheme', maxLength: 40 }),
  remove: fc.boolean(),
})
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      writes: fc.uniqueArray(write, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
      fails: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
)

test('keeps every document through transactions, rollbacks, rewrites and new addresses, with almost none in memory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const path = dataFile()
      let address = 0
      const model: Model = new Map()
      let opened = open(path, BASE_URLS[0] ?? '')
      const baseUrl = () => BASE_URLS[address % 2] ?? ''
      for (const one of steps) {
        if (one === 'reopen') {
          await opened.journal.close()
          address += 1
          opened = open(path, baseUrl())
        } else {
          const { store, journal } = opened
          for (const { id, customer, path: link, remove } of one.writes) {
            if (remove) store.remove('payment_methods', id)
            else store.put('payment_methods', methodOf(id, customer, `${baseUrl()}/${link}`))
            if (one.fails) continue
            if (remove) model.delete(id)
            else model.set(id, { customer, path: link })
          }
          if (one.fails) store.rollbackTo(0)
          const changes = store.changes()
          store.commit(changes, changes.length === 0 ? [] : journal.append(changes))
          journal.compactIfGrown()
        }
        expectSame(opened.store, model, baseUrl())
      }
      await opened.journal.close()
    }),
    { numRuns: 40 },
  )
})

test('a file of version 0.1 is read, and written anew', async () => {
  const path = dataFile()
  const older = 'http://127.0.0.1:4242'
  const lines = [
    { emulator: 1, baseUrl: older },
    [['payment_methods', 'pm_1', methodOf('pm_1', 'cus_a', `${older}/x`)]],
    [
      ['payment_methods', 'pm_2', methodOf('pm_2', 'cus_b', `${older}/y`)],
      ['payment_methods', 'pm_1', null],
    ],
  ]
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n[["payment_meth`)
  const { store, journal } = open(path, 'http://127.0.0.1:1')
  expectSame(store, new Map([['pm_2', { customer: 'cus_b', path: 'y' }]]), 'http://127.0.0.1:1')
  await journal.close()
  expect(readFileSync(path, 'utf8').split('\n')[0]).toContain('"emulator":2')
})

test('a file is not written anew at a start that has nothing to remove', async () => {
  const path = dataFile()
  const first = await start({ dataFile: path })
  const { basic } = await shop(first.stripe)
  await subscriber(first.stripe, basic.id)
  await first.emulator.stop()
  const before = statSync(path)
  const second = await start({ dataFile: path })
  await second.emulator.stop()
  expect(statSync(path).ino).toBe(before.ino)
})

test('a schedule that was released is not due after a restart', async () => {
  const path = dataFile()
  const first = await start({ dataFile: path })
  const { basic } = await shop(first.stripe)
  const { subscription } = await subscriber(first.stripe, basic.id)
  const schedule = await first.stripe.subscriptionSchedules.create({
    from_subscription: subscription.id,
  })
  await first.stripe.subscriptionSchedules.release(schedule.id)
  await first.emulator.stop()
  const { emulator, stripe } = await start({ dataFile: path })
  emulator.clock.advanceBy(40 * 86_400_000)
  expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('released')
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(2)
})
