import type { ClientRequest } from 'node:http'
import { request } from 'node:http'
import type { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BodyReader } from '../../src/http/body/body-reader.ts'
import { answerFailure } from '../../src/http/failure.ts'

const KiB = 2 ** 10
let app: FastifyInstance
let url: string
/** How many bytes of unfinished bodies the server has. */
let arrived: number

beforeEach(async () => {
  const bodies = new BodyReader(100 * KiB)
  arrived = 0
  app = Fastify()
  app.setErrorHandler(answerFailure)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (incoming: FastifyRequest, payload: Readable) => {
    payload.on('data', (chunk: Buffer) => {
      arrived += chunk.length
    })
    return bodies.read({ request: incoming, payload, maxBytes: 80 * KiB })
  })
  app.addHook('onResponse', async (incoming) => bodies.release(incoming))
  app.post('/', async ({ body }) => ({ bytes: Buffer.isBuffer(body) ? body.length : 0 }))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterEach(() => app.close())

interface Sender {
  sent: ClientRequest
  answer: Promise<{ status: number | undefined; body: unknown }>
}

/** A request whose body begins with so many bytes, and does not end by itself. */
async function begin(bytes: number, headers: Record<string, string> = {}): Promise<Sender> {
  const before = arrived
  const sent = request(url, { method: 'POST', headers: { 'content-type': 'x/y', ...headers } })
  const answer = new Promise<Awaited<Sender['answer']>>((resolve, reject) => {
    sent.once('error', reject).once('response', async (response) => {
      resolve({ status: response.statusCode, body: await json(response) })
    })
  })
  sent.write(Buffer.alloc(bytes))
  sent.flushHeaders()
  await expect.poll(() => arrived - before).toBeGreaterThanOrEqual(Math.min(bytes, 80 * KiB))
  return { sent, answer }
}

const GIVEN_UP = { status: 503, body: { errorCode: 'UNAVAILABLE' } }

it('gives up the largest body under way, so that small ones come through however many are slow', async () => {
  const slow = [await begin(50 * KiB), await begin(40 * KiB)]
  const small = await begin(20 * KiB)
  expect(await slow[0]?.answer).toMatchObject(GIVEN_UP)
  small.sent.end()
  expect(await small.answer).toEqual({ status: 200, body: { bytes: 20 * KiB } })
  slow[1]?.sent.end()
  expect(await slow[1]?.answer).toEqual({ status: 200, body: { bytes: 40 * KiB } })
})

it('has all its room again once requests have their answers, or break off', async () => {
  for (let round = 0; round < 5; round++) {
    const [one, other] = [await begin(70 * KiB), await begin(10 * KiB)]
    other.answer.catch(() => undefined)
    other.sent.destroy()
    one.sent.end()
    expect(await one.answer).toMatchObject({ status: 200 })
  }
})

it('refuses what is over the limit of one body: by its headers, or once it has come', async () => {
  const tooLarge = { status: 413, body: { errorCode: 'PAYLOAD_TOO_LARGE' } }
  const counted = await begin(81 * KiB)
  expect(await counted.answer).toMatchObject(tooLarge)
  const announced = await begin(0, { 'content-length': String(81 * KiB) })
  expect(await announced.answer).toMatchObject(tooLarge)
})
