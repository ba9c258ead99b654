import { expect, it } from 'vitest'
import { browserName } from '../src/pages/account/browser-name.ts'

const mozilla = 'Mozilla/5.0'

it.each([
  [
    `${mozilla} (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36`,
    'Chrome on Linux',
  ],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0`,
    'Edge on Windows',
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1`,
    'Safari on iOS',
  ],
  [`${mozilla} (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0`, 'Firefox on Android'],
  ['node', 'A program'],
  [null, 'A program'],
])('names the browser of %j', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name)
})
