import type { RequestListener } from 'node:http'
import { listen } from '@tollgate/testing/listen'

export interface Pages {
  origin: string
  port: number
  /** Paths asked for, in order. */
  asked: string[]
  close: () => Promise<void>
}

/** A real web server on loopback for the scraper to fetch from. */
export async function startPages(answer: RequestListener): Promise<Pages> {
  const asked: string[] = []
  const { url, port, close } = await listen((request, response) => {
    asked.push(request.url ?? '')
    void answer(request, response)
  })
  return { origin: url, port, asked, close }
}
