import type { TollgateClient } from '@tollgate/client'
import type { FastifyPluginCallback } from 'fastify'
import { z } from 'zod'
import { HttpError } from '../http-error.ts'
import { metered, operationOf, type Spend } from '../metering.ts'
import type { Identify } from '../session.ts'
import { extract } from './extract.ts'
import type { PageFetcher } from './fetch-page.ts'

export interface ScraperRouteOptions {
  tollgate: TollgateClient
  identify: Identify
  fetcher: PageFetcher
}

/** Pages fetched at once. Beyond, a caller is told to come back, since each may hold its 2 MiB. */
const MAX_AT_ONCE = 16

const Body = z.object({ url: z.string().min(1).max(2048) })

const cost: readonly Spend[] = [
  { meter: 'scrapingTasks', amount: 1 },
  { meter: 'apiCalls', amount: 1 },
]

/** `POST /scraper/scrape { url }`: spends a scraping task and an API call, unless the page can't be fetched. */
export const scraperRoutes: FastifyPluginCallback<ScraperRouteOptions> = (app, options, done) => {
  const { tollgate, identify, fetcher } = options
  let running = 0

  app.post('/scraper/scrape', async (request) => {
    const userId = await identify(request.headers)
    const { url } = Body.parse(request.body)
    const operation = operationOf('scrape', request.headers)

    // Only what is the same when the request is repeated: a page may have changed by then.
    const job = { userId, operation, most: cost, metadata: { url } }
    const work = async () => ({ result: await fetcher.fetchPage(url), spent: cost })
    const page = await atMost(() => metered(tollgate, job, work))
    return { url: page.url, bytes: page.bytes, ...extract(page) }
  })

  async function atMost<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MAX_AT_ONCE) {
      throw new HttpError(503, 'Too many pages are being fetched.', { retryAfterSeconds: 1 })
    }
    running += 1
    return work().finally(() => {
      running -= 1
    })
  }
  done()
}
