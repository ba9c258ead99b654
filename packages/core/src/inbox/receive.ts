import type { Context } from '../context.ts'
import { storeEvent } from './event-store.ts'
import { ignoredBecause } from './event-types.ts'
import { parseEvent } from './parse.ts'
import type { SignedBody } from './signature.ts'
import { isSigned } from './signature.ts'

/**
 * `accepted`: it is stored, now or before (answer 200). `refused`: signature bad, missing or older than 300 s, or
 * not an event (answer 400). `unavailable`: it could not be stored (answer 503, so that Stripe sends it again).
 */
export type WebhookOutcome = 'accepted' | 'refused' | 'unavailable'

/**
 * Takes a webhook in: verified, and stored under its event id as one that waits, before it answers. A repeat is accepted
 * and changes nothing. Events of the other mode or of other types are stored as ignored; whether a customer is ours
 * is found out afterwards. Never throws.
 */
export async function receiveWebhook(ctx: Context, input: SignedBody): Promise<WebhookOutcome> {
  const { rawBody } = input
  if (!isSigned(input, { secrets: ctx.stripe.webhookSecrets, now: ctx.clock.now() }))
    return 'refused'
  const event = parseEvent(rawBody.toString())
  if (event === null) return 'refused'
  try {
    await storeEvent(ctx, event, {
      payload: rawBody,
      ignored: ignoredBecause(event, ctx.stripe.livemode),
    })
    return 'accepted'
  } catch (error) {
    ctx.log.error({ err: error, event: event.id }, 'a webhook could not be stored')
    return 'unavailable'
  }
}
