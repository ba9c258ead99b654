import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen } from '@tollgate/testing/listen'
import { answersOf } from './answers.ts'
import { catalogOf, type Shape } from './catalog.ts'

const built = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

export interface Pages {
  url: string
  /** From now on the pages see this catalogue, as a customer of one of its plans or of none. */
  show(shape: Shape, plan: string | null): void
  close(): Promise<void>
}

/** The built pages over an API that answers with fixtures: for layouts alone, nothing is decided here. */
export async function servePages(): Promise<Pages> {
  let answers: Record<string, unknown> = {}
  const { url, close } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname.startsWith('/api/')) return answer(answers, pathname, response)
    void readFile(join(built, extname(pathname) ? pathname : 'index.html')).then(
      (file) =>
        response
          .setHeader('content-type', types[extname(pathname) || '.html'] ?? 'text/plain')
          .end(file),
      () => response.writeHead(404).end(),
    )
  })
  return {
    url,
    show(shape, plan) {
      answers = answersOf(catalogOf(shape), plan)
    },
    close,
  }
}

function answer(
  answers: Record<string, unknown>,
  pathname: string,
  response: ServerResponse,
): void {
  response.setHeader('content-type', 'application/json')
  if (pathname === '/api/auth/get-session') {
    const user = { id: 'user-1', name: 'Ada', email: 'ada@example.com', role: 'admin' }
    response.end(JSON.stringify({ session: { id: 'session-1' }, user }))
    return
  }
  const data = answers[pathname.replace('/api/trpc/', '')]
  if (data === undefined) response.writeHead(404)
  response.end(JSON.stringify({ result: { data } }))
}
