import helmet from '@fastify/helmet'
import Fastify from 'fastify'

/**
 * The headers that every answer of the server has, by Helmet. They are the same for all, so they are made once. Nothing is
 * to be kept by a cache, unless the answer itself says so, as the files of the pages do.
 */
export async function securityHeaders(appUrl: string): Promise<Record<string, string>> {
  const example = Fastify()
  await example.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: pagePolicy },
    strictTransportSecurity: appUrl.startsWith('https:'),
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  })
  example.get('/', (_request, reply) => reply.send())
  const { headers } = await example.inject('/')
  await example.close()
  const made = Object.entries(headers).filter(([name]) => !ofTheExample.has(name))
  return {
    ...Object.fromEntries(made.map(([name, value]) => [name, String(value)])),
    'cache-control': 'no-store',
  }
}

const ofTheExample = new Set(['connection', 'content-length', 'content-type', 'date'])

/** Fits the built web app: its own files, and styles that charts set on elements. */
const pagePolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}
