import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'

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
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    void answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  const { port } = address
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { origin: `http://127.0.0.1:${port}`, port, asked, close }
}
