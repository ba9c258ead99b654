import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

/** A page to read /api/openapi.json, from this server alone: no fonts, scripts or proxies from elsewhere. */
export function addDocs(app: FastifyInstance): void {
  void app.register((scope, _options, done) => {
    scope.addHook('onSend', async (_request, reply, payload) => {
      if (typeof payload === 'string' && String(reply.getHeader('content-type')).includes('html')) {
        reply.header('content-security-policy', policyFor(payload))
      }
      return payload
    })
    void scope.register(scalar, {
      routePrefix: '/api/docs',
      configuration: {
        sources: [{ url: '/api/openapi.json' }],
        pageTitle: 'Tollgate API',
        withDefaultFonts: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        telemetry: false,
      },
    })
    done()
  })
}

/** The page starts its one script inline: allowed by its hash, and nothing else. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)]
  const hashes = inline.map(([, script = '']) => {
    return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
  })
  return [
    "default-src 'self'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
