import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { answerFailure } from '@tollgate/api'
import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Paths that are neither a file nor a page of the app, and those that are no page. */
const notFiles = /^\/(api|healthz|readyz|metrics)(\/|$)/
const notPages = /^\/(api|healthz|readyz|metrics|assets)(\/|$)/

/**
 * The built web app. Any other address that a browser opens is one of its pages, so it gets index.html; the app
 * itself knows which pages there are.
 */
export async function addPages(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      allowedPath: (path) => !notFiles.test(path),
      cacheControl: false,
      setHeaders: (response, path) => {
        const hashed = path.includes('/assets/')
        response.setHeader(
          'cache-control',
          hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        )
      },
    })
  } else {
    app.log.warn({ folder }, 'the web app is not built; only the API is served')
  }
  app.setNotFoundHandler((request, reply) =>
    built && isPage(request) ? reply.sendFile('index.html') : answerNothing(request, reply),
  )
}

function isPage({ method, url }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && !notPages.test(url.split('?')[0] ?? '')
}

function answerNothing(request: FastifyRequest, reply: FastifyReply) {
  const failure = new TollgateError('NOT_FOUND', 'There is nothing at this address.')
  return answerFailure(failure, request, reply)
}
