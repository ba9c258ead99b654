import type { Readable } from 'node:stream'
import type { Context } from '@tollgate/core'
import { receiveWebhook, TollgateError, WEBHOOK_PATH } from '@tollgate/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { BodyReader } from './body/body-reader.ts'
import { refuseOtherMethods } from './rest/methods.ts'

/** The only body without a caller: it is read for the signature alone. Stripe's events have no stated bound; the largest seen are some hundred kilobytes. */
const MAX_EVENT_BYTES = 4 * 2 ** 20

/**
 * Takes Stripe's webhooks, whose bodies are left as the bytes that were signed. 200 when the event is stored, now or
 * before; 400 for a bad signature; 503 when it could not be stored, so that Stripe sends it again.
 */
export function webhookRoute(scope: FastifyInstance, core: Context, bodies: BodyReader): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (request: FastifyRequest, payload: Readable) =>
    bodies.read({ request, payload, maxBytes: MAX_EVENT_BYTES }),
  )
  scope.route({
    method: 'POST',
    url: WEBHOOK_PATH,
    onRequest: async ({ headers }) => {
      if (headers['stripe-signature'] === undefined) throw unsigned()
    },
    handler: async ({ body, headers }) => {
      const signature = headers['stripe-signature']
      const outcome = await receiveWebhook(core, {
        rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        signature: typeof signature === 'string' ? signature : undefined,
      })
      if (outcome === 'accepted') return { received: true }
      if (outcome === 'refused') throw unsigned()
      throw new TollgateError('UNAVAILABLE', 'The event could not be stored; send it again.')
    },
  })
  refuseOtherMethods(scope, WEBHOOK_PATH, ['POST'])
}

function unsigned(): TollgateError {
  return new TollgateError('VALIDATION', 'The signature is missing, wrong or too old.')
}
