import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createPageFetcher, type FetcherOptions } from '../../src/scraper/fetch-page.ts'
import { startPages } from '../pages.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const HTML = { 'content-type': 'text/html; charset=utf-8' }

/** A fetcher that may fetch from a real server on loopback, and nowhere else that is not public. */
async function start(answer: RequestListener, options: FetcherOptions = {}) {
  const pages = await startPages(answer)
  const fetcher = createPageFetcher({ allowOrigin: pages.origin, ...options })
  closing.push(fetcher.close, pages.close)
  return { pages, fetchPage: (path: string) => fetcher.fetchPage(`${pages.origin}${path}`) }
}

function fetcherWith(options: FetcherOptions) {
  const fetcher = createPageFetcher(options)
  closing.push(fetcher.close)
  return fetcher
}

describe('the one origin that is allowed by environment', () => {
  it('is fetched from, though it is private', async () => {
    const { fetchPage, pages } = await start((_request, response) => {
      response.writeHead(200, HTML).end('<p>Grüße</p>')
    })
    await expect(fetchPage('/a')).resolves.toEqual({
      url: `${pages.origin}/a`,
      contentType: 'text/html',
      body: '<p>Grüße</p>',
      bytes: 14,
    })
  })

  it('does not allow another port of the same machine', async () => {
    const { pages } = await start((_request, response) => response.end())
    const other = fetcherWith({ allowOrigin: 'http://127.0.0.1:1' })
    await expect(other.fetchPage(pages.origin)).rejects.toMatchObject({ statusCode: 400 })
    expect(pages.asked).toEqual([])
  })
})

describe('a name', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback, IPv6', ['::1']],
    ['cloud metadata', ['169.254.169.254']],
    ['a private network', ['10.0.0.7']],
    ['a public and a private address', ['1.1.1.1', '192.168.0.1']],
    ['a mapped address', ['::ffff:127.0.0.1']],
  ])('that resolves to %s is refused', async (_name, addresses) => {
    const fetcher = fetcherWith({ resolve: async () => addresses })
    await expect(fetcher.fetchPage('http://innocent.test/')).rejects.toMatchObject({
      statusCode: 400,
      message: 'innocent.test is not on the public internet, so it is not fetched.',
    })
  })

  it('of this machine is refused as the system resolves it', async () => {
    const fetcher = fetcherWith({})
    await expect(fetcher.fetchPage('http://localhost/')).rejects.toMatchObject({ statusCode: 400 })
  })

  it('that nobody knows is a page that can not be fetched', async () => {
    const resolve = () => Promise.reject(new Error('ENOTFOUND'))
    await expect(fetcherWith({ resolve }).fetchPage('http://gone.test/')).rejects.toMatchObject({
      statusCode: 502,
      message: 'The page could not be fetched.',
    })
  })
})

describe('a redirect', () => {
  it('is followed, up to five times', async () => {
    const { fetchPage, pages } = await start((request, response) => {
      const step = Number(request.url?.slice(1))
      if (step === 0) response.writeHead(200, HTML).end('there')
      else response.writeHead(302, { location: `/${step - 1}` }).end()
    })
    await expect(fetchPage('/5')).resolves.toMatchObject({
      url: `${pages.origin}/0`,
      body: 'there',
    })
    await expect(fetchPage('/6')).rejects.toMatchObject({ statusCode: 502 })
    expect(pages.asked).toHaveLength(12)
  })

  it.each([
    ['a private address', 'http://10.0.0.1/'],
    ['cloud metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['loopback on a usual port', 'http://127.0.0.1/'],
    ['another port of the allowed host', 'http://127.0.0.1:5432/'],
    ['loopback, IPv6', 'http://[::1]/'],
    ['a name of a private address', 'http://innocent.test/'],
    ['a file', 'file:///etc/passwd'],
    ['credentials', 'http://user:secret@example.com/'],
    ['nonsense', 'http://['],
  ])('to %s is refused', async (_name, location) => {
    const { fetchPage, pages } = await start(
      (_request, response) => response.writeHead(302, { location }).end(),
      { resolve: async () => ['10.0.0.1'] },
    )
    await expect(fetchPage('/')).rejects.toMatchObject({ statusCode: 400 })
    expect(pages.asked).toEqual(['/'])
  })
})

describe('a page is bounded', () => {
  const maxBytes = 100_000

  it('in size, while it arrives', async () => {
    let sent = 0
    const { fetchPage } = await start(
      (_request, response) => {
        response.writeHead(200, HTML)
        const more = () => {
          while (!response.destroyed) {
            sent += 10_000
            if (!response.write('a'.repeat(10_000))) break
          }
        }
        response.on('drain', more)
        more()
      },
      { maxBytes },
    )
    await expect(fetchPage('/')).rejects.toMatchObject({
      statusCode: 502,
      message: 'The page has more than 100000 bytes.',
    })
    expect(sent).toBeLessThan(50_000_000)
  })

  it('in size after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    expect(bomb.length).toBeLessThan(maxBytes)
    const { fetchPage } = await start(
      (_request, response) =>
        response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(bomb),
      { maxBytes },
    )
    await expect(fetchPage('/')).rejects.toMatchObject({
      message: 'The page has more than 100000 bytes.',
    })
  })

  it('at exactly what is allowed', async () => {
    const { fetchPage } = await start(
      (_request, response) => response.writeHead(200, HTML).end('a'.repeat(maxBytes)),
      { maxBytes },
    )
    await expect(fetchPage('/')).resolves.toMatchObject({ bytes: maxBytes })
  })

  it('in time, from the first answer to the last byte', async () => {
    const { fetchPage } = await start(
      (_request, response) => {
        response.writeHead(200, HTML)
        const drip = setInterval(() => response.write('a'), 20)
        response.on('close', () => clearInterval(drip))
      },
      { timeoutMs: 300 },
    )
    await expect(fetchPage('/')).rejects.toMatchObject({ statusCode: 504 })
  })

  it('in time, where no answer comes', async () => {
    const { fetchPage } = await start(() => undefined, { timeoutMs: 200 })
    await expect(fetchPage('/')).rejects.toMatchObject({ statusCode: 504 })
  })

  it('in time, over all redirects together', async () => {
    const { fetchPage } = await start(
      (_request, response) => {
        setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 120)
      },
      { timeoutMs: 300 },
    )
    await expect(fetchPage('/')).rejects.toMatchObject({ statusCode: 504 })
  })
})

describe('a page is refused', () => {
  it.each([
    ['that is an image', 200, { 'content-type': 'image/png' }],
    ['of no type', 200, {}],
    ['that is JSON', 200, { 'content-type': 'application/json' }],
    ['that is not there', 404, HTML],
    ['that broke', 500, HTML],
  ])('%s', async (_name, status, headers) => {
    const { fetchPage } = await start((_request, response) => {
      response.writeHead(status, headers).end('<p>text</p>')
    })
    await expect(fetchPage('/')).rejects.toMatchObject({ statusCode: 502 })
  })

  it('whose compression is broken', async () => {
    const { fetchPage } = await start((_request, response) => {
      response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end('not gzip')
    })
    await expect(fetchPage('/')).rejects.toMatchObject({ statusCode: 502 })
  })
})

it('reads a page in the charset that it names', async () => {
  const { fetchPage } = await start((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' })
      .end(Buffer.from('Grüße', 'latin1'))
  })
  await expect(fetchPage('/')).resolves.toMatchObject({ body: 'Grüße', contentType: 'text/plain' })
})

it('sends no cookie, and says who it is', async () => {
  const seen: unknown[] = []
  const { fetchPage } = await start((request, response) => {
    seen.push(request.headers)
    response.writeHead(200, { ...HTML, 'set-cookie': 'a=b' }).end()
  })
  await fetchPage('/')
  await fetchPage('/')
  for (const headers of seen) {
    expect(headers).toMatchObject({ 'user-agent': expect.stringMatching(/^tollgate-agent\//) })
    expect(headers).not.toHaveProperty('cookie')
  }
})
