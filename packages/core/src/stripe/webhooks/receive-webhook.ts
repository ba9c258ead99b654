import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'

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

/** Takes a webhook in: verified, stored under its event id and queued in one statement. Never throws. */
export async function receiveWebhook(_ctx: Context, _input: WebhookInput): Promise<WebhookOutcome> {
  throw new TollgateError('INTERNAL', 'not yet')
}
