import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { operationOf, operations } from '../../src/stripe/operations/operations.ts'

const source = fileURLToPath(new URL('../../src/', import.meta.url))

/** The code without comments, by file. */
function code(): Map<string, string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  return new Map(
    files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => {
        const text = readFileSync(`${source}${file}`, 'utf8')
        return [file, text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')]
      }),
  )
}

test('every call of the code is in the list, and nothing else is', () => {
  const used = new Set<string>()
  for (const text of code().values()) {
    for (const [, chain = ''] of text.matchAll(
      /(?<![.\w])stripe\s*\.\s*(\w+(?:\s*\.\s*\w+)+)\s*\(/g,
    )) {
      used.add(chain.replaceAll(/\s/g, ''))
    }
  }
  expect([...used].toSorted()).toEqual(Object.keys(operations).toSorted())
})

test('whoever calls Stripe names it stripe, so that the test above sees the call', () => {
  for (const [file, text] of code()) {
    for (const [, name = ''] of text.matchAll(/\bcall\(\s*(?:async\s*)?\(?([^)=]*?)\)?\s*=>/g)) {
      expect(`${file}: ${name}`).toBe(`${file}: stripe`)
    }
    if (!file.startsWith('stripe/')) expect(text).not.toMatch(/^import (?!type)[^']*from 'stripe'/m)
  }
})

test.each(Object.entries(operations))('%s is sent as the list says', async (name, expected) => {
  const sent: { method: string; path: string }[] = []
  const http = Stripe.createNodeHttpClient()
  http.makeRequest = async (_host, _port, path, method) => {
    sent.push({ method, path })
    throw new Error('not sent')
  }
  const stripe = new Stripe('sk_test_1', {
    httpClient: http,
    maxNetworkRetries: 0,
    telemetry: false,
  })
  const words = name.split('.')
  const method = words.pop() ?? ''
  const resource = words.reduce<unknown>((at, word) => Reflect.get(Object(at), word), stripe)
  const send = Reflect.get(Object(resource), method)
  const args = expected.path.includes(':id') ? ['id_1', {}] : [{}]
  await Promise.resolve(Reflect.apply(send, resource, args)).catch(() => undefined)
  const { method: verb, path } = expected
  expect(sent).toEqual([{ method: verb, path: path.replace(':id', 'id_1') }])
  expect(operationOf(verb, `${path.replace(':id', 'id_1')}?limit=1`)).toBe(name)
})
