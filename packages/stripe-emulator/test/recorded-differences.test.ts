import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { accepted, differences } from './recorded-differences.ts'

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
  const others = accepted.filter((one) => !byChangelog.includes(one)).map(({ why }) => why)
  expect([...new Set(others)].sort()).toEqual([
    'required by the types of 23.1.0, though the recordings lack it',
    'the recorded account takes other payment methods too; ours takes cards',
  ])
})

test('an unlisted difference is reported: an extra field, a missing field, another type', () => {
  const recorded = { object: 'customer', id: 'cus_1', name: null, balance: 0 }
  const ours = { object: 'customer', id: 'cus_2', nickname: null, balance: '0' }
  expect([...differences(recorded, ours, accepted)].sort()).toEqual([
    'customer.balance: recorded number, ours string',
    'customer.name: recorded, not ours',
    'customer.nickname: ours, not recorded',
  ])
  expect(differences(recorded, { ...recorded, customer_account: null }, accepted).size).toBe(0)
})
