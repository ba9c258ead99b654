import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TollgateClient } from '../src/index.ts'
import { createTollgateClient } from '../src/index.ts'
import type { TestTollgate } from './tollgate.ts'
import { startTollgate } from './tollgate.ts'

let tollgate: TestTollgate
let client: TollgateClient
let apiKey: string

beforeAll(async () => {
  tollgate = await startTollgate()
  apiKey = await tollgate.addKey('usage:write', 'usage:read', 'users:write', 'billing:read')
  client = createTollgateClient({ url: tollgate.url, apiKey })
})

afterAll(() => tollgate?.close())

const tokens = { meter: 'tokens', amount: 5 } as const

describe('a sibling app', () => {
  it('checks, records, and reads the same numbers back', async () => {
    await tollgate.addUser('reader', 100)
    const use = { userId: 'reader', ...tokens, idempotencyKey: 'job-1' }
    await expect(client.usage.check.query({ userId: 'reader', ...tokens })).resolves.toMatchObject({
      allowed: true,
      reason: null,
    })
    const first = await client.usage.record.mutate({ ...use, metadata: { model: 'small' } })
    expect(first).toMatchObject({ replayed: false, balance: { used: 5, remaining: 95 } })
    const { meters } = await client.billing.usage.query({ userId: 'reader' })
    expect(meters).toContainEqual(first.balance)
    const { items } = await client.usage.events.query({ userId: 'reader' })
    expect(items).toMatchObject([{ usageId: first.usageId, metadata: { model: 'small' } }])
  })

  it('counts a repeat of its own operation once', async () => {
    await tollgate.addUser('repeater', 100)
    const use = { userId: 'repeater', ...tokens, idempotencyKey: 'job-1' }
    const first = await client.usage.consume.mutate(use)
    await expect(client.usage.consume.mutate(use)).resolves.toEqual({ ...first, replayed: true })
    expect(await tollgate.counted('repeater', 'tokens')).toEqual({ events: 1, amount: 5 })
  })

  it('gets a refusal as a result, not as an error', async () => {
    await tollgate.addUser('spender', 4)
    const use = { userId: 'spender', ...tokens, idempotencyKey: 'job-1' }
    await expect(client.usage.consume.mutate(use)).resolves.toMatchObject({
      allowed: false,
      reason: 'quota_exceeded',
      message: expect.any(String),
      usageId: null,
    })
    expect(await tollgate.counted('spender', 'tokens')).toEqual({ events: 0, amount: 0 })
  })

  it('has one result for each item of a batch', async () => {
    await tollgate.addUser('batcher', 100)
    const use = { userId: 'batcher', ...tokens }
    const { results } = await client.usage.recordBatch.mutate({
      events: [
        { ...use, idempotencyKey: 'a' },
        { ...use, idempotencyKey: 'a' },
        { ...use, amount: 7, idempotencyKey: 'a' },
        { ...use, amount: 0, idempotencyKey: 'b' },
      ],
    })
    expect(results).toMatchObject([
      { ok: true, replayed: false },
      { ok: true, replayed: true },
      { ok: false, errorCode: 'IDEMPOTENCY_KEY_REUSED' },
      { ok: false, errorCode: 'VALIDATION' },
    ])
  })

  it('can make a user known', async () => {
    const input = { userId: 'new', email: 'new@example.com' }
    await expect(client.users.upsert.mutate(input)).resolves.toEqual({ userId: 'new' })
  })
})

describe('an error of the real API', () => {
  it.each([
    ['UNAUTHENTICATED', 401, 'tg_wrong', tokens],
    ['VALIDATION', 400, undefined, { ...tokens, amount: 0.5 }],
  ] as const)('comes as %s', async (errorCode, status, key, use) => {
    const caller = createTollgateClient({ url: tollgate.url, apiKey: key ?? apiKey })
    const call = caller.usage.record.mutate({ userId: 'reader', ...use, idempotencyKey: 'bad' })
    await expect(call).rejects.toMatchObject({ name: 'TollgateApiError', errorCode, status })
  })

  it('names the fields of a VALIDATION', async () => {
    const call = client.usage.record.mutate({ userId: '', ...tokens, idempotencyKey: 'bad' })
    await expect(call).rejects.toMatchObject({
      issues: [{ path: 'userId', message: expect.any(String) }],
    })
  })

  it('comes as FORBIDDEN where the key lacks the scope', async () => {
    const reader = createTollgateClient({
      url: tollgate.url,
      apiKey: await tollgate.addKey('usage:read'),
    })
    const call = reader.usage.record.mutate({ userId: 'reader', ...tokens, idempotencyKey: 'no' })
    await expect(call).rejects.toMatchObject({ errorCode: 'FORBIDDEN', status: 403 })
  })

  it('comes as IDEMPOTENCY_KEY_REUSED where the key stands for something else', async () => {
    await tollgate.addUser('reuser', 100)
    const use = { userId: 'reuser', ...tokens, idempotencyKey: 'job-1' }
    await client.usage.record.mutate(use)
    const call = client.usage.record.mutate({ ...use, amount: 6 })
    await expect(call).rejects.toMatchObject({ errorCode: 'IDEMPOTENCY_KEY_REUSED', status: 409 })
  })
})

describe('when the connection is cut after Tollgate has done its work', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })

  /** Passes requests on to Tollgate, and cuts the first `cuts` connections instead of answering. */
  async function startCutting(cuts: number) {
    const statuses: (number | undefined)[] = []
    const server = createServer(async (incoming, outgoing) => {
      const { status, body } = await passOn(incoming)
      statuses.push(status)
      if (statuses.length <= cuts) outgoing.destroy()
      else outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close().closeAllConnections())
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port to listen on')
    return { url: `http://127.0.0.1:${address.port}`, statuses }
  }

  async function passOn(incoming: IncomingMessage): Promise<{ status: number; body: Buffer }> {
    const { method, headers } = incoming
    const outgoing = request(new URL(incoming.url ?? '/', tollgate.url), { method, headers })
    incoming.pipe(outgoing)
    const [response] = await once(outgoing, 'response')
    return { status: response.statusCode, body: await buffer(response) }
  }

  it.each(['record', 'consume'] as const)(
    '%s counts once, and its caller gets the result',
    async (verb) => {
      const { url, statuses } = await startCutting(2)
      const userId = `cut-${verb}`
      await tollgate.addUser(userId, 100)
      const cut = createTollgateClient({ url, apiKey, sleep: async () => undefined })
      const answer = await cut.usage[verb].mutate({ userId, ...tokens, idempotencyKey: 'job-1' })
      expect(statuses).toEqual([200, 200, 200])
      expect(answer).toMatchObject({ replayed: true, balance: { used: 5 } })
      expect(await tollgate.counted(userId, 'tokens')).toEqual({ events: 1, amount: 5 })
    },
  )
})
