import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = new URL('../../../../docs/billing-lifecycle.md', import.meta.url)

test.each([
  ['billing-lifecycle.md', 30],
  ['what-each-call-does.md', 15],
])('docs/%s names tests that there are', (name, atLeast) => {
  const doc = new URL(name, page)
  const links = [...readFileSync(doc, 'utf8').matchAll(/\[([^\]]+)\]\((\.\.[^)]+\.test\.ts)\)/g)]
  const lost = links.filter(([, name = '', path = '']) => {
    const file = new URL(path, doc)
    return !existsSync(file) || !readFileSync(file, 'utf8').includes(`'${name}'`)
  })
  expect(lost.map(([link]) => link)).toEqual([])
  expect(links.length).toBeGreaterThan(atLeast)
})

test('docs/billing-lifecycle.md has a line with a test for each status of Stripe’s', () => {
  const lines = readFileSync(page, 'utf8').split('\n')
  const statuses = ['trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete']
  for (const status of [...statuses, 'incomplete_expired', 'canceled']) {
    expect(lines.filter((line) => line.startsWith(`| \`${status}\``)).join()).toContain('.test.ts')
  }
})
