import { createTollgateClient } from '@tollgate/client'
import { afterEach, describe, expect, it } from 'vitest'
import { createPageFetcher } from '../src/scraper/fetch-page.ts'
import { buildServer } from '../src/server.ts'
import { identifyThrough } from '../src/session.ts'
import { type Pages, startPages } from './pages.ts'

const opened: { close: () => unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

/** An agent whose Tollgate is at `url`, and one call of it. */
async function chat(url: string) {
  const app = buildServer({
    tollgate: createTollgateClient({ url, apiKey: 'tg_test', retries: 0 }),
    identify: identifyThrough(url),
    fetcher: createPageFetcher(),
    origins: ['https://app.example.com'],
  })
  opened.push(app)
  const response = await fetch(`${await app.listen({ host: '127.0.0.1', port: 0 })}/api/chat`, {
    method: 'POST',
    headers: {
      cookie: 'session=1',
      origin: 'https://app.example.com',
      'content-type': 'application/json; charset=utf-8',
    },
    body: '{"message":"Hello"}',
  })
  const { status, headers } = response
  return { status, retryAfter: headers.get('retry-after'), body: await response.json() }
}

/** Something on Tollgate's port that is not well. */
async function startUnwell(session: string, status = 200): Promise<Pages> {
  const unwell = await startPages((request, response) => {
    const isSession = request.url === '/api/auth/get-session'
    response.writeHead(isSession ? status : 503, {
      'content-type': 'application/json',
      'retry-after': '7',
    })
    response.end(isSession ? session : '{}')
  })
  opened.push(unwell)
  return unwell
}

describe('an agent whose Tollgate is not well', () => {
  it('answers 503, and not 401, where nobody can tell who calls', async () => {
    const answer = {
      status: 503,
      retryAfter: '1',
      body: { error: expect.stringContaining('sign-in') },
    }
    expect(await chat('http://127.0.0.1:1')).toEqual(answer)
    expect(await chat((await startUnwell('{}', 500)).origin)).toEqual(answer)
    expect(await chat((await startUnwell('{"user":7}')).origin)).toEqual(answer)
  })

  it('answers 503 and when to come back, and does not work, where nothing can be metered', async () => {
    const unwell = await startUnwell('{"user":{"id":"u"}}')
    expect(await chat(unwell.origin)).toEqual({
      status: 503,
      retryAfter: '7',
      body: { error: 'Usage can not be metered at the moment.' },
    })
    expect(unwell.asked.filter((path) => path.includes('settle'))).toEqual([])
  })

  it('asks for the session alone where there is none', async () => {
    const unwell = await startUnwell('null')
    expect(await chat(unwell.origin)).toMatchObject({
      status: 401,
      body: { error: 'Sign in first.' },
    })
    expect(unwell.asked).toEqual(['/api/auth/get-session'])
  })
})
