import Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { storeEvent } from './event-store.ts'
import { parseEvent } from './inbox-event.ts'
import { ignoredBecause } from './route-event.ts'

export interface WebhookInput {
  /** The bytes as they came: a body that was parsed and written again fails the signature. */
  rawBody: Buffer
  /** The Stripe-Signature header. */
  signature: string | undefined
}

/**
 * `accepted`: it is stored, now or before (answer 200). `refused`: signature bad, missing or older than 300 s, or
 * not an event (answer 400). `unavailable`: it could not be stored (answer 503, so that Stripe sends it again).
 */
export type WebhookOutcome = 'accepted' | 'refused' | 'unavailable'

const TOLERANCE_SECONDS = 300

/**
 * Takes a webhook in: verified, stored under its event id, and queued, before it answers. A repeat is accepted
 * and changes nothing. Events of the other mode or of other types are stored as ignored; whether a customer is ours
 * is found out afterwards. Never throws.
 */
export async function receiveWebhook(ctx: Context, input: WebhookInput): Promise<WebhookOutcome> {
  if (!isSigned(ctx, input)) return 'refused'
  const payload = input.rawBody.toString()
  const event = parseEvent(payload)
  if (event === null) return 'refused'
  try {
    await storeEvent(ctx, event, {
      payload,
      ignored: ignoredBecause(event, ctx.stripe.livemode),
    })
    return 'accepted'
  } catch (error) {
    ctx.log.error({ err: error, event: event.id }, 'a webhook could not be stored')
    return 'unavailable'
  }
}

function isSigned(ctx: Context, { rawBody, signature }: WebhookInput): boolean {
  const { signature: scheme } = Stripe.webhooks
  if (scheme === null || signature === undefined) return false
  const receivedAt = ctx.clock.now().getTime()
  return ctx.stripe.webhookSecrets.some((secret) => {
    try {
      return scheme.verifyHeader(
        rawBody,
        signature,
        secret,
        TOLERANCE_SECONDS,
        undefined,
        receivedAt,
      )
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
      throw error
    }
  })
}
