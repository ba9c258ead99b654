import { expect, it } from 'vitest'
import { isSameSite } from '../src/http/admission/same-site.ts'

const own = 'https://app.example.com'
const json = 'application/json'

it.each([
  [own, json, true],
  [own, 'application/json; charset=utf-8', true],
  [own, 'Application/JSON', true],
  ['https://trusted.example.com', json, true],
  ['https://evil.example.com', json, false],
  ['https://app.example.com.evil.example', json, false],
  ['http://app.example.com', json, false],
  ['https://app.example.com:444', json, false],
  ['null', json, false],
  [undefined, json, false],
  [own, undefined, false],
  [own, 'text/plain', false],
  [own, 'application/json-patch', false],
  [own, 'application/x-www-form-urlencoded', false],
  [own, 'multipart/form-data; boundary=application/json', false],
])('from %s as %s: %s', (origin, contentType, expected) => {
  const headers = {
    ...(origin !== undefined && { origin }),
    ...(contentType !== undefined && { 'content-type': contentType }),
  }
  expect(isSameSite(headers, [own, 'https://trusted.example.com'])).toBe(expected)
})
