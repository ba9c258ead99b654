import { Agent, fetch, type Response } from 'undici'
import { HttpError } from '../http-error.ts'
import { checkedLookup, isPublicAddress, type Resolve, resolveBySystem } from './address.ts'
import { type PageContent, readPage } from './read-page.ts'
import { parseTarget } from './target.ts'

export interface FetcherOptions {
  /** One origin that is fetched from though it may be private. */
  allowOrigin?: string | undefined
  resolve?: Resolve
  isAllowed?: (address: string) => boolean
  /** For everything together: names, connections, redirects, the last byte of the body. */
  timeoutMs?: number
  /** Of the body, decompressed. */
  maxBytes?: number
}

export interface Page extends PageContent {
  /** Where it was found in the end. */
  url: string
}

export interface PageFetcher {
  /** Throws 400 where the address is refused, 502 where the page is, 504 where it takes too long. */
  fetchPage: (url: string) => Promise<Page>
  close: () => Promise<void>
}

const MAX_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]
const HEADERS = { accept: 'text/html, text/plain;q=0.9', 'user-agent': 'tollgate-agent/0.1' }

/**
 * Fetches pages for people who may ask for any address, and so for those inside our own network as well: what is reached
 * is only ever public, decided by the address connected to, for every redirect anew. No cookie or header of the caller
 * goes along.
 */
export function createPageFetcher(options: FetcherOptions = {}): PageFetcher {
  const { allowOrigin, timeoutMs = 10_000, maxBytes = 2 * 1024 * 1024 } = options
  const { resolve = resolveBySystem, isAllowed = isPublicAddress } = options
  const guarded = new Agent({ connect: { lookup: checkedLookup({ resolve, isAllowed }) } })
  const unguarded = new Agent()

  async function follow(address: string, signal: AbortSignal): Promise<[URL, Response]> {
    let url = parseTarget(address, { allowOrigin, isAllowed })
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const dispatcher = url.origin === allowOrigin ? unguarded : guarded
      const response = await fetch(url, {
        dispatcher,
        signal,
        headers: HEADERS,
        redirect: 'manual',
      })
      const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null
      if (location === null) return [url, response]
      await response.body?.cancel()
      url = parseTarget(location, { base: url.href, allowOrigin, isAllowed })
    }
    throw new HttpError(502, `The page redirects more than ${MAX_REDIRECTS} times.`)
  }

  async function fetchPage(address: string): Promise<Page> {
    const timeout = AbortSignal.timeout(timeoutMs)
    const finished = new AbortController()
    try {
      const signal = AbortSignal.any([timeout, finished.signal])
      const [url, response] = await follow(address, signal)
      return { url: url.href, ...(await readPage(response, maxBytes)) }
    } catch (error) {
      const late = new HttpError(504, `The page took longer than ${timeoutMs / 1000} s.`)
      throw ownError(error) ?? (timeout.aborted ? late : unreachable(error))
    } finally {
      // What of a refused page is still on its way is not waited for.
      finished.abort()
    }
  }

  const close = async () => {
    await Promise.all([guarded.destroy(), unguarded.destroy()])
  }
  return { fetchPage, close }
}

/** What was thrown inside a connection comes out wrapped by undici, once or twice. */
function ownError(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error
  return error instanceof Error && error.cause !== undefined ? ownError(error.cause) : null
}

function unreachable(cause: unknown): HttpError {
  return new HttpError(502, 'The page could not be fetched.', { cause })
}
