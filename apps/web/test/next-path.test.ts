import { expect, test } from 'vitest'
import { nextPath } from '../src/auth/next-path.ts'

test('a path on this origin is followed, with its parameters', () => {
  expect(nextPath('/admin/billing?tab=keys')).toBe('/admin/billing?tab=keys')
})

test.each([
  'https://evil.example',
  '//evil.example/billing',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  'evil',
  '',
  undefined,
  7,
  ['/billing'],
])('anything else leads to the billing page: %j', (next) => {
  expect(nextPath(next)).toBe('/billing')
})
