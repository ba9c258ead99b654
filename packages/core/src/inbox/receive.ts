import type { Context } from '../context.ts'
import { ignoredBecause } from './event-types.ts'
import { parseEvent } from './parse.ts'
import type { SignedBody } from './signature.ts'
import { isSigned } from './signature.ts'

/**
 * `accepted`: it is stored, now or before (answer 200). `refused`: the signature is wrong, missing or older than
 * 300 s, or the body is no event (answer 400). `unavailable`: it could not be stored (answer 503, so that Stripe sends
 * it again).
 */
export type WebhookOutcome = 'accepted' | 'refused' | 'unavailable'

/**
 * Receives a webhook: verifies it, and stores it under its event id, before it returns. A repeat is accepted and
 * changes nothing. Events of the other mode or of other types are stored as ignored; whether a customer is ours is
 * found out later, by the job. Never throws.
 */
export async function receiveWebhook(ctx: Context, input: SignedBody): Promise<WebhookOutcome> {
  const { webhookSecrets, livemode } = ctx.stripe
  if (!isSigned(input, { secrets: webhookSecrets, now: ctx.clock.now() })) return 'refused'
  const event = parseEvent(input.rawBody.toString())
  if (event === null) return 'refused'
  try {
    const ignored = ignoredBecause(event, livemode)
    await ctx.inbox.store({ event, payload: input.rawBody, ignored })
    return 'accepted'
  } catch (error) {
    ctx.log.error({ err: error, event: event.id }, 'a webhook could not be stored')
    return 'unavailable'
  }
}
