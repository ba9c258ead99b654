import { afterEach, describe, expect, it } from 'vitest'
import type { TollgateClientOptions } from '../src/index.ts'
import { createTollgateClient, TollgateApiError } from '../src/index.ts'
import { sleep } from '../src/retry.ts'
import type { ScriptedServer, Step } from './scripted-server.ts'
import { failure, startScripted, success } from './scripted-server.ts'

const use = { userId: 'u', meter: 'tokens', amount: 5, idempotencyKey: 'job-7:tokens' } as const
const recorded = success({ usageId: 'usage-1', replayed: false })
const unavailable = failure(503, { errorCode: 'UNAVAILABLE' })

const servers: ScriptedServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** A client on a scripted server, with the waits it asked for instead of waiting. */
async function start(script: Step[], options: Partial<TollgateClientOptions> = {}) {
  const server = await startScripted(...script)
  servers.push(server)
  const waits: number[] = []
  const sleep = async (ms: number) => {
    waits.push(ms)
  }
  const client = createTollgateClient({ url: server.url, apiKey: 'tg_test', sleep, ...options })
  return { client, waits, received: server.received }
}

describe('a call that may be repeated', () => {
  it.each<[string, Step]>([
    ['the connection is cut', 'cut'],
    ['503', unavailable],
    ['429', failure(429, { errorCode: 'RATE_LIMITED' })],
    ['a gateway answers 502 with a page of its own', { status: 502, body: '<h1>Bad gateway</h1>' }],
    [
      'a rate limiter answers outside tRPC',
      { status: 429, body: { errorCode: 'RATE_LIMITED', message: 'Slow.' } },
    ],
  ])('is sent again with the very same body when %s', async (_name, step) => {
    const { client, received } = await start([step, recorded])
    await expect(client.usage.record.mutate(use)).resolves.toMatchObject({ usageId: 'usage-1' })
    expect(received).toHaveLength(2)
    expect(received[1]).toEqual(received[0])
    expect(JSON.parse(received[1]?.body ?? '')).toEqual(use)
  })

  it('carries the key in every attempt', async () => {
    const { client, received } = await start(['cut', recorded])
    await client.usage.record.mutate(use)
    expect(received.map((each) => each.authorization)).toEqual(['Bearer tg_test', 'Bearer tg_test'])
  })

  it('waits longer each time, half of it by chance', async () => {
    const { client, waits } = await start(['cut', 'cut', 'cut', recorded])
    await client.usage.record.mutate(use)
    expect(waits).toHaveLength(3)
    for (const [index, backoff] of [250, 500, 1000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(backoff / 2)
      expect(waits[index]).toBeLessThanOrEqual(backoff)
    }
  })

  it.each([
    ['seconds', { 'retry-after': '7' }],
    [
      'a date, read by the clock of the server',
      { date: 'Sun, 22 Nov 2026 10:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 10:00:07 GMT' },
    ],
  ])('waits as long as Retry-After says, in %s', async (_name, headers) => {
    const { client, waits } = await start([
      failure(503, { errorCode: 'UNAVAILABLE' }, headers),
      recorded,
    ])
    await client.usage.record.mutate(use)
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeGreaterThanOrEqual(7000)
    expect(waits[0]).toBeLessThanOrEqual(7250)
  })

  it('gives up at once, and says when to come back, where Retry-After asks for minutes', async () => {
    const { client, waits } = await start([
      failure(429, { errorCode: 'RATE_LIMITED' }, { 'retry-after': '120' }),
    ])
    await expect(client.usage.record.mutate(use)).rejects.toMatchObject({
      errorCode: 'RATE_LIMITED',
      status: 429,
      retryAfterSeconds: 120,
    })
    expect(waits).toEqual([])
  })

  it('fails with the last answer once the retries are used up', async () => {
    const { client, received } = await start([unavailable], { retries: 2 })
    await expect(client.usage.record.mutate(use)).rejects.toMatchObject({
      errorCode: 'UNAVAILABLE',
    })
    expect(received).toHaveLength(3)
  })

  it('is sent again when no answer came in time', async () => {
    const { client, received } = await start(['hang', recorded], { timeoutMs: 200 })
    await expect(client.usage.record.mutate(use)).resolves.toMatchObject({ usageId: 'usage-1' })
    expect(received).toHaveLength(2)
  })

  it('may be a query', async () => {
    const { client, received } = await start(['cut', success([])])
    await expect(client.billing.plans.query()).resolves.toEqual([])
    expect(received.map((each) => each.method)).toEqual(['GET', 'GET'])
  })
})

describe('a call that failed for good', () => {
  it.each([400, 401, 403, 404, 409, 500])('is not sent again: %i', async (status) => {
    const { client, received } = await start([failure(status, { errorCode: 'INTERNAL' }), recorded])
    await expect(client.usage.record.mutate(use)).rejects.toMatchObject({ status })
    expect(received).toHaveLength(1)
  })

  it('tells what is wrong with each field', async () => {
    const issues = [{ path: 'amount', message: 'must be at least 1' }]
    const { client } = await start([failure(400, { errorCode: 'VALIDATION', issues })])
    const error = await client.usage.record.mutate(use).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TollgateApiError)
    expect(error).toMatchObject({
      name: 'TollgateApiError',
      message: 'No.',
      errorCode: 'VALIDATION',
      issues,
      status: 400,
      retryAfterSeconds: null,
    })
  })

  it('has no status where no answer came', async () => {
    const { client } = await start(['cut'], { retries: 0 })
    await expect(client.usage.record.mutate(use)).rejects.toMatchObject({
      errorCode: 'UNAVAILABLE',
      status: null,
      message: 'Tollgate could not be reached.',
    })
  })

  it('says so when what answers is not Tollgate', async () => {
    const { client } = await start([{ status: 404, body: '<h1>nginx</h1>' }])
    await expect(client.usage.record.mutate(use)).rejects.toMatchObject({
      errorCode: 'INTERNAL',
      status: 404,
      message: expect.stringContaining("is not Tollgate's"),
    })
  })

  it('does not take a page with status 200 for an answer', async () => {
    const { client } = await start([{ status: 200, body: '<h1>Sign in to the hotel</h1>' }])
    await expect(client.usage.record.mutate(use)).rejects.toMatchObject({ errorCode: 'INTERNAL' })
  })
})

describe("the caller's own signal", () => {
  it('ends a call under way, with the reason that it was given', async () => {
    const { client, received } = await start(['hang'])
    const abort = new AbortController()
    const call = client.usage.record.mutate(use, { signal: abort.signal })
    await expect.poll(() => received.length).toBe(1)
    abort.abort(new Error('the job was cancelled'))
    await expect(call).rejects.toThrow('the job was cancelled')
    expect(received).toHaveLength(1)
  })

  it('ends the wait between two attempts', async () => {
    const abort = new AbortController()
    const { client } = await start([unavailable], {
      sleep: (_ms, signal) => {
        const waiting = sleep(60_000, signal)
        abort.abort(new Error('the job was cancelled'))
        return waiting
      },
    })
    const call = client.usage.record.mutate(use, { signal: abort.signal })
    await expect(call).rejects.toThrow('the job was cancelled')
  })
})

describe('what the client is made with', () => {
  it('keeps the path that Tollgate is mounted under', async () => {
    const server = await startScripted(success([]))
    servers.push(server)
    const client = createTollgateClient({ url: `${server.url}/tollgate/`, apiKey: 'tg_test' })
    await client.billing.plans.query()
    expect(server.received[0]?.path).toBe('/tollgate/api/trpc/billing.plans')
  })

  it('is refused without an address or a key', () => {
    expect(() => createTollgateClient({ url: 'localhost:3000', apiKey: 'tg_1' })).toThrow(
      'url must',
    )
    expect(() => createTollgateClient({ url: 'http://localhost', apiKey: '' })).toThrow(
      'apiKey is empty',
    )
  })
})
