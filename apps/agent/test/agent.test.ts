import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@tollgate/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pages, startPages } from './pages.ts'
import { answering, endProgram, startProgram } from './programs.ts'
import { type Customer, startTollgate, type TestTollgate } from './tollgate.ts'

// The agent as it is run, beside the real server as it is run, over HTTP alone.

const plenty = { tokens: 10_000, apiCalls: 100, scrapingTasks: 100 }
const nothing = { tokens: 0, apiCalls: 0, scrapingTasks: 0 }

let tollgate: TestTollgate
let pages: Pages
let agent: ChildProcess
let agentUrl: string
/** Has plenty, and never spends any of it. */
let bystander: Customer
/** Those who wait for a page under /slow. */
const waiting: (() => void)[] = []
/** Whether the page /flaky can be had. */
let flakyIsWell = false

beforeAll(async () => {
  tollgate = await startTollgate()
  pages = await startPages(async (request, response) => {
    if (
      request.url === '/missing' ||
      (request.url === '/slow/once' && waiting.length > 0) ||
      (request.url === '/flaky' && !flakyIsWell)
    ) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Nothing</p>')
      return
    }
    if (request.url?.startsWith('/slow')) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    }
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<title>A page</title><p>Hello <a href="/next">there</a></p>')
  })
  ;[agent, agentUrl] = await startAgent()
  bystander = await tollgate.addCustomer(plenty)
}, 120_000)

afterAll(async () => {
  if (agent) await endProgram(agent)
  await pages?.close()
  await tollgate?.close()
})

async function startAgent(): Promise<[ChildProcess, string]> {
  const port = await freePort()
  const program = startProgram('apps/agent/src/main.ts', {
    AGENT_PORT: String(port),
    TOLLGATE_URL: tollgate.url,
    TOLLGATE_API_KEY: tollgate.apiKey,
    SCRAPER_ALLOW_ORIGIN: pages.origin,
    LOG_LEVEL: 'silent',
  })
  const url = `http://127.0.0.1:${port}`
  await answering(`${url}/healthz`, program)
  return [program, url]
}

/** As a page of the web app calls: with its user's cookie, its Origin and JSON. */
async function call(
  path: '/api/chat' | '/api/scraper/scrape',
  { cookie }: Pick<Customer, 'cookie'>,
  { body, headers = {} }: { body: object | string; headers?: Record<string, string> },
) {
  const response = await fetch(`${agentUrl}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', origin: tollgate.url, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const answer: unknown = await response.json()
  return { status: response.status, body: answer }
}

const chat = { message: 'How does metering work?' }
/** Four words and a sign, and as many as the answer has. */
const chatAnswer = {
  response: 'Your message has 4 words. The longest is "metering".',
  usage: { promptTokens: 5, responseTokens: 13, totalTokens: 18 },
}

describe('POST /api/chat', () => {
  it('spends the tokens of message and response, and one API call', async () => {
    const customer = await tollgate.addCustomer(plenty)
    const answer = await call('/api/chat', customer, { body: chat })
    expect(answer).toEqual({ status: 200, body: chatAnswer })
    expect(await tollgate.used(customer)).toEqual({ tokens: 18, apiCalls: 1, scrapingTasks: 0 })
    expect(await tollgate.reserved(customer)).toBe(0)
  })

  it('answers no more at once than the quota has, and counts those alone', async () => {
    const customer = await tollgate.addCustomer({ ...plenty, apiCalls: 3 })
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => call('/api/chat', customer, { body: chat })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(3).fill(200),
      ...Array<number>(9).fill(403),
    ])
    expect(await tollgate.used(customer)).toEqual({ tokens: 54, apiCalls: 3, scrapingTasks: 0 })
    expect(await tollgate.reserved(customer)).toBe(0)
  })

  it.each([
    ['token', { ...plenty, tokens: 17 }],
    ['API call', { ...plenty, apiCalls: 0 }],
  ])(
    'answers 403 with the reason, and counts nothing, where no %s is left',
    async (name, limits) => {
      const customer = await tollgate.addCustomer(limits)
      const answer = await call('/api/chat', customer, { body: chat })
      expect(answer).toEqual({ status: 403, body: { error: expect.stringContaining(name) } })
      expect(await tollgate.used(customer)).toEqual(nothing)
      expect(await tollgate.reserved(customer)).toBe(0)
    },
  )
})

describe('POST /api/scraper/scrape', () => {
  it('spends a scraping task and one API call, and answers what the page holds', async () => {
    const customer = await tollgate.addCustomer(plenty)
    const url = `${pages.origin}/page`
    const answer = await call('/api/scraper/scrape', customer, { body: { url } })
    expect(answer).toEqual({
      status: 200,
      body: {
        url,
        title: 'A page',
        text: 'Hello there',
        links: [`${pages.origin}/next`],
        bytes: 59,
      },
    })
    expect(await tollgate.used(customer)).toEqual({ tokens: 0, apiCalls: 1, scrapingTasks: 1 })
  })

  it.each([
    ['scraping task', { ...plenty, scrapingTasks: 0 }],
    ['API call', { ...plenty, apiCalls: 0 }],
  ])(
    'answers 403, counts nothing and fetches nothing where no %s is left',
    async (name, limits) => {
      const customer = await tollgate.addCustomer(limits)
      const before = pages.asked.length
      const body = { url: `${pages.origin}/page` }
      const answer = await call('/api/scraper/scrape', customer, { body })
      expect(answer).toEqual({ status: 403, body: { error: expect.stringContaining(name) } })
      expect(await tollgate.used(customer)).toEqual(nothing)
      expect(await tollgate.reserved(customer)).toBe(0)
      expect(pages.asked).toHaveLength(before)
    },
  )

  it.each([
    [400, 'http://169.254.169.254/latest/meta-data/'],
    [400, 'http://localhost/'],
    [400, 'file:///etc/passwd'],
    [400, ''],
    [502, '/missing'],
  ])('answers %i and counts nothing where the page can not be had: %s', async (status, url) => {
    const body = { url: url.startsWith('/') ? `${pages.origin}${url}` : url }
    const answer = await call('/api/scraper/scrape', bystander, { body })
    expect(answer).toEqual({ status, body: { error: expect.any(String) } })
    expect(await tollgate.used(bystander)).toEqual(nothing)
    expect(await tollgate.reserved(bystander)).toBe(0)
  })
})

describe('a request that is sent again', () => {
  it('counts once under the same Idempotency-Key', async () => {
    const customer = await tollgate.addCustomer(plenty)
    const headers = { 'idempotency-key': 'order-7' }
    const first = await call('/api/chat', customer, { body: chat, headers })
    await expect(call('/api/chat', customer, { body: chat, headers })).resolves.toEqual(first)
    const body = { url: `${pages.origin}/page` }
    await call('/api/scraper/scrape', customer, { body, headers })
    await call('/api/scraper/scrape', customer, { body, headers })
    expect(await tollgate.used(customer)).toEqual({ tokens: 18, apiCalls: 2, scrapingTasks: 1 })
  })

  it('counts once under the same Idempotency-Key after its work had failed', async () => {
    const customer = await tollgate.addCustomer(plenty)
    const again = {
      body: { url: `${pages.origin}/flaky` },
      headers: { 'idempotency-key': 'order-7' },
    }
    expect(await call('/api/scraper/scrape', customer, again)).toMatchObject({ status: 502 })
    expect(await tollgate.used(customer)).toEqual(nothing)
    expect(await tollgate.reserved(customer)).toBe(0)
    flakyIsWell = true
    expect(await call('/api/scraper/scrape', customer, again)).toMatchObject({ status: 200 })
    expect(await tollgate.used(customer)).toEqual({ tokens: 0, apiCalls: 1, scrapingTasks: 1 })
    expect(await tollgate.reserved(customer)).toBe(0)
  })

  it('keeps what the first holds, when it fails while the first is still at work', async () => {
    const customer = await tollgate.addCustomer(plenty)
    const again = {
      body: { url: `${pages.origin}/slow/once` },
      headers: { 'idempotency-key': 'order-8' },
    }
    const first = call('/api/scraper/scrape', customer, again)
    await expect.poll(() => waiting.length).toBe(1)
    expect(await call('/api/scraper/scrape', customer, again)).toMatchObject({ status: 502 })
    for (const go of waiting.splice(0)) go()
    expect(await first).toMatchObject({ status: 200 })
    expect(await tollgate.used(customer)).toEqual({ tokens: 0, apiCalls: 1, scrapingTasks: 1 })
  })

  it('is work of its own without one', async () => {
    const customer = await tollgate.addCustomer(plenty)
    await call('/api/chat', customer, { body: chat })
    await call('/api/chat', customer, { body: chat })
    expect(await tollgate.used(customer)).toEqual({ tokens: 36, apiCalls: 2, scrapingTasks: 0 })
  })

  it('is refused with 409 where the key stands for another request', async () => {
    const customer = await tollgate.addCustomer(plenty)
    const headers = { 'idempotency-key': 'order-7' }
    await call('/api/chat', customer, { body: chat, headers })
    const answer = await call('/api/chat', customer, { body: { message: 'Another' }, headers })
    expect(answer).toMatchObject({ status: 409 })
    expect(await tollgate.used(customer)).toEqual({ tokens: 18, apiCalls: 1, scrapingTasks: 0 })
  })
})

describe('a caller', () => {
  it.each([
    ['without a cookie', ''],
    ['with a cookie of its own making', 'better-auth.session_token=made-up.signature'],
  ])('%s is answered 401', async (_name, cookie) => {
    const answer = await call('/api/chat', { cookie }, { body: chat })
    expect(answer).toEqual({ status: 401, body: { error: 'Sign in first.' } })
  })

  it.each([
    ['a foreign page', { origin: 'https://evil.test' }],
    ['a page of an opaque origin', { origin: 'null' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['a form that looks like JSON', { 'content-type': 'text/plain' }],
  ])(
    'whose browser was used by %s is answered 403, and nothing is counted',
    async (_name, headers) => {
      const answer = await call('/api/chat', bystander, { body: chat, headers })
      expect(answer).toEqual({ status: 403, body: { error: expect.any(String) } })
      expect(await tollgate.used(bystander)).toEqual(nothing)
    },
  )

  it.each([
    ['no JSON', '{'],
    ['no message', {}],
    ['an empty message', { message: ' ' }],
    ['a message that is none', { message: 7 }],
    ['too long a message', { message: 'a'.repeat(8_001) }],
  ])('who sends %s is answered 400, and nothing is counted', async (_name, body) => {
    const answer = await call('/api/chat', bystander, { body })
    expect(answer).toEqual({ status: 400, body: { error: expect.any(String) } })
    expect(await tollgate.used(bystander)).toEqual(nothing)
  })

  it('who asks for something else is answered 404', async () => {
    const response = await fetch(`${agentUrl}/api/other`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ error: 'There is nothing at this address.' })
  })
})

it('fetches at most sixteen pages at once, and counts nothing for those beyond', async () => {
  const customer = await tollgate.addCustomer(plenty)
  const body = { url: `${pages.origin}/slow/crowd` }
  let refused = 0
  const calls = Array.from({ length: 20 }, async () => {
    const { status } = await call('/api/scraper/scrape', customer, { body })
    if (status === 503) refused += 1
    return status
  })
  await expect.poll(() => [waiting.length, refused], { timeout: 20_000 }).toEqual([16, 4])
  for (const letGo of waiting.splice(0)) letGo()
  const statuses = await Promise.all(calls)
  expect(statuses.filter((status) => status === 200)).toHaveLength(16)
  expect(await tollgate.used(customer)).toEqual({ tokens: 0, apiCalls: 16, scrapingTasks: 16 })
})

it('answers what is in flight after SIGTERM, counts it, and ends with code 0', async () => {
  const customer = await tollgate.addCustomer(plenty)
  const body = { url: `${pages.origin}/slow` }
  const answer = call('/api/scraper/scrape', customer, { body })
  await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(1)
  agent.kill('SIGTERM')
  const ended = once(agent, 'exit')
  await expect
    .poll(() =>
      fetch(agentUrl).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed')
  for (const letGo of waiting.splice(0)) letGo()
  expect(await answer).toMatchObject({ status: 200, body: { title: 'A page' } })
  expect(await ended).toEqual([0, null])
  expect(await tollgate.used(customer)).toEqual({ tokens: 0, apiCalls: 1, scrapingTasks: 1 })
})

it('counts once what is sent again after the agent was killed between reserve and settle', async () => {
  const customer = await tollgate.addCustomer(plenty)
  const again = {
    body: { url: `${pages.origin}/slow/crash` },
    headers: { 'idempotency-key': 'order-7' },
  }
  ;[agent, agentUrl] = await startAgent()
  const lost = call('/api/scraper/scrape', customer, again).catch(() => 'no answer')
  await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(1)
  await endProgram(agent)
  expect(await lost).toBe('no answer')
  waiting.splice(0)
  expect(await tollgate.used(customer)).toEqual(nothing)
  expect(await tollgate.reserved(customer)).toBe(2)

  ;[agent, agentUrl] = await startAgent()
  const answer = call('/api/scraper/scrape', customer, again)
  await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(1)
  for (const letGo of waiting.splice(0)) letGo()
  expect(await answer).toMatchObject({ status: 200 })
  expect(await tollgate.used(customer)).toEqual({ tokens: 0, apiCalls: 1, scrapingTasks: 1 })
  expect(await tollgate.reserved(customer)).toBe(0)
}, 60_000)
