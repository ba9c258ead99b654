import type { Context } from '@tollgate/core'
import { receiveWebhook, TollgateError, WEBHOOK_PATH } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'
import { refuseOtherMethods } from './rest/methods.ts'

/** Stripe's events have no stated bound; the largest seen are some hundred kilobytes. */
const MAX_EVENT_BYTES = 4 * 2 ** 20

/**
 * Takes Stripe's webhooks, whose bodies are left as the bytes that were signed. 200 when the event is stored, now or
 * before; 400 for a bad signature; 503 when it could not be stored, so that Stripe sends it again.
 */
export function webhookRoute(scope: FastifyInstance, core: Context): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.route({
    method: 'POST',
    url: WEBHOOK_PATH,
    bodyLimit: MAX_EVENT_BYTES,
    handler: async ({ body, headers }) => {
      const signature = headers['stripe-signature']
      const outcome = await receiveWebhook(core, {
        rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        signature: typeof signature === 'string' ? signature : undefined,
      })
      if (outcome === 'accepted') return { received: true }
      if (outcome === 'refused') {
        throw new TollgateError('VALIDATION', 'The signature is missing, wrong or too old.')
      }
      throw new TollgateError('UNAVAILABLE', 'The event could not be stored; send it again.')
    },
  })
  refuseOtherMethods(scope, WEBHOOK_PATH, ['POST'])
}
