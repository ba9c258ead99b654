import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { accepted, acceptedInOlder } from './accepted.ts'
import { differences } from './differences.ts'

const { resolve } = createRequire(import.meta.url)
const changelog = readFileSync(join(dirname(resolve('stripe')), '..', 'CHANGELOG.md'), 'utf8')

/** The part of the package's changelog that is about one of its versions. */
function sectionOf(version: string): string {
  const sections = changelog.split('\n## ')
  return sections.find((section) => section.includes(`</a>${version} - `)) ?? ''
}

const byChangelog = accepted.filter(({ why }) => why.startsWith('stripe '))

test.each(
  byChangelog.map(({ object, field, why }) => ({ what: `${object}.${field}`, field, why })),
)('$what was added in the version that is named', ({ field, why }) => {
  const [, version = ''] = /^stripe ([\d.]+):/.exec(why) ?? []
  const name = field.split('.').at(-1) ?? ''
  expect(sectionOf(version)).toMatch(new RegExp(`[\`.]${name}\``))
})

test('every other accepted difference has one of the known reasons', () => {
  const all = [...accepted, ...acceptedInOlder]
  const others = all.filter((one) => !byChangelog.includes(one)).map(({ why }) => why)
  expect([...new Set(others)].sort()).toEqual([
    'Stripe adds it a moment after the capture',
    'Stripe changed it in all versions, after the recording',
    "Stripe's command line confirms it without a return URL, which the default would require",
    'random',
    'required by the types of 23.1.0, though the recordings lack it',
    'the product had no unit label then',
    'the recorded account is another one',
    'the recorded account takes other payment methods too; ours takes cards',
    'there is no Stripe.js: the step is a page',
  ])
})

test('an unlisted difference is reported: an extra field, a missing field, another type', () => {
  const recorded = { object: 'customer', id: 'cus_TOnR0Lf2celqmf', name: null, balance: 0 }
  const ours = { object: 'customer', id: 'cus_TOnR0Lf2celqmg', nickname: null, balance: '0' }
  expect([...differences(recorded, ours, accepted)].sort()).toEqual([
    'customer.balance (type): recorded 0, ours "0"',
    'customer.name (missing): recorded null, not ours',
    'customer.nickname (extra): ours, not recorded',
  ])
  expect(differences(recorded, { ...recorded, customer_account: null }, accepted).size).toBe(0)
})

test('another value is reported, but for ids, secrets, URLs and times within some seconds', () => {
  const recorded = {
    object: 'invoice',
    id: 'in_1SRzqtKXBGcbgpbZhpdF1KCd',
    status: 'paid',
    amount_due: 2500,
    created: 1_762_799_407,
    hosted_invoice_url: 'https://invoice.stripe.com/i/REDACTED',
    description: 'for in_1SRzqtKXBGcbgpbZhpdF1KCd',
  }
  const ours = {
    ...recorded,
    id: 'in_1AAAAAAAAAAAAAAAAAAAAAAA',
    created: 1_762_799_410,
    hosted_invoice_url: 'http://127.0.0.1:1/i/test_x',
    description: 'for in_1AAAAAAAAAAAAAAAAAAAAAAA',
  }
  expect([...differences(recorded, ours, [])]).toEqual([])
  const other = { ...ours, status: 'open', amount_due: 2501, created: 1_762_799_507 }
  expect([...differences(recorded, other, [])].sort()).toEqual([
    'invoice.amount_due (value): recorded 2500, ours 2501',
    'invoice.created (value): recorded 1762799407, ours 1762799507',
    'invoice.status (value): recorded "paid", ours "open"',
  ])
})
