import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { answerFailure, answerUnknown } from '@tollgate/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Theme } from '../config/theme.ts'
import type { Look } from './theme.ts'
import { LOGO_PATH, withLook } from './theme.ts'

const answerNothing = answerUnknown(answerFailure)

/** Paths that are neither a file nor a page of the app, and those that are no page. */
const notFiles = /^\/(api|healthz|readyz|metrics)(\/|$)/
const notPages = /^\/(api|healthz|readyz|metrics|assets)(\/|$)/

export interface PagesOptions {
  /** Where the built web app is. */
  folder: string | undefined
  theme: Theme
  /** Where people sign in, with a sign-in of the host's own; empty: it does not say. */
  signInUrl?: string
}

/**
 * The built web app. Any other address that a browser opens is one of its pages, so it gets index.html; the app
 * itself knows which pages there are.
 */
export async function addPages(
  app: FastifyInstance,
  { folder, theme, signInUrl }: PagesOptions,
): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.log.warn({ folder }, 'the web app is not built; only the API is served')
    app.setNotFoundHandler(answerNothing)
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    // index.html is sent as a page.
    index: false,
    allowedPath: (path) => !notFiles.test(path) && path !== '/index.html',
    cacheControl: false,
    setHeaders: (response, path) => {
      const hashed = path.includes('/assets/')
      response.setHeader(
        'cache-control',
        hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  const { logo } = theme
  if (logo) app.get(LOGO_PATH, (_request, reply) => sendLogo(reply, logo))
  const page = { folder, look: { ...theme, signInUrl } }
  app.get('/', (_request, reply) => sendPage(reply, page))
  app.setNotFoundHandler((request, reply) =>
    isPage(request) ? sendPage(reply, page) : answerNothing(request, reply),
  )
}

/** Read at each request, since `npm run dev` builds the pages anew while the server runs. */
async function sendPage(
  reply: FastifyReply,
  { folder, look }: { folder: string; look: Look },
): Promise<FastifyReply> {
  if (Object.values(look).every((each) => each === undefined)) return reply.sendFile('index.html')
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
  return reply.send(withLook(html, look))
}

async function sendLogo(
  reply: FastifyReply,
  { file, type }: NonNullable<Theme['logo']>,
): Promise<FastifyReply> {
  return reply
    .header('cache-control', 'no-cache')
    .type(type)
    .send(await readFile(file))
}

function isPage({ method, url }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && !notPages.test(url.split('?')[0] ?? '')
}
