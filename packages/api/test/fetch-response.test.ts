import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { respond } from '../src/http/fetch/fetch-response.ts'

const app = Fastify()
app.get('/cookies', async (_request, reply) =>
  reply
    .header('set-cookie', ['a=1; Path=/', 'b=2; Expires=Wed, 09 Jun 2027 10:18:14 GMT'])
    .send('x'),
)
app.get('/nothing', async (_request, reply) => reply.code(204).send())
app.get('/bytes', async (_request, reply) => reply.send(Buffer.from([0, 255, 10])))
app.get('/headers', async ({ headers, ip, host }) => ({ headers, ip, host }))

const get = (path: string, headers: Record<string, string> = {}) =>
  respond(app, new Request(`http://host.test:81${path}`, { headers }))

it('every Set-Cookie of a response arrives as one of its own', async () => {
  const { headers } = await get('/cookies')
  expect(headers.getSetCookie()).toEqual([
    'a=1; Path=/',
    'b=2; Expires=Wed, 09 Jun 2027 10:18:14 GMT',
  ])
})

it('a status without a body, and bytes that are no text', async () => {
  const nothing = await get('/nothing')
  expect([nothing.status, nothing.body]).toEqual([204, null])
  expect(new Uint8Array(await (await get('/bytes')).arrayBuffer())).toEqual(
    Uint8Array.of(0, 255, 10),
  )
})

it('the host is that of the address, and the caller has no address', async () => {
  const response = await get('/headers', {
    host: 'evil.example',
    'x-forwarded-for': '127.0.0.1',
    accept: 'text/plain, text/html',
  })
  expect(await response.json()).toMatchObject({
    host: 'host.test:81',
    ip: '0.0.0.0',
    headers: { accept: 'text/plain, text/html' },
  })
})
