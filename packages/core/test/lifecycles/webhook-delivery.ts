import Stripe from 'stripe'
import { neededEventTypes } from '../../src/inbox/index.ts'
import type { Context } from '../../src/index.ts'
import { receiveWebhook } from '../../src/index.ts'
import type { Random } from './random.ts'

const SUBSCRIBED: ReadonlySet<string> = new Set(neededEventTypes)

/** What goes wrong in a lifecycle. */
export interface FaultPlan {
  /** Of all webhooks: how many never come, and how many come twice. All come late and out of order. */
  dropped: number
  doubled: number
  /** Of all calls to Stripe: how many fail. */
  failing: number
}

export const SECRET = 'whsec_lifecycles'

/** Delivers Stripe's webhooks: late, out of order, some twice, some not at all. */
export class WebhookDelivery {
  readonly #random: Random
  readonly #faultPlan: FaultPlan
  #undelivered: object[] = []
  dropped = 0
  delivered = 0

  constructor(random: Random, faultPlan: FaultPlan) {
    this.#random = random
    this.#faultPlan = faultPlan
  }

  /** Takes an event, where it is of a type that `plans push` subscribes to. */
  take(event: object): void {
    if (!('type' in event) || typeof event.type !== 'string' || !SUBSCRIBED.has(event.type)) return
    if (this.#random.happens(this.#faultPlan.dropped)) {
      this.dropped += 1
      return
    }
    this.#undelivered.push(event)
    if (this.#random.happens(this.#faultPlan.doubled)) this.#undelivered.push(event)
  }

  /** Delivers this share of what it has, in any order, and keeps the rest. */
  async deliver(ctx: Context, part: number): Promise<void> {
    const shuffled = this.#random.shuffle(this.#undelivered)
    const count = Math.ceil(shuffled.length * part)
    this.#undelivered = shuffled.slice(count)
    for (const event of shuffled.slice(0, count)) {
      const payload = JSON.stringify(event, null, 2)
      const timestamp = Math.floor(ctx.clock.now().getTime() / 1_000)
      const signature = Stripe.webhooks.generateTestHeaderString({
        payload,
        secret: SECRET,
        timestamp,
      })
      const outcome = await receiveWebhook(ctx, { rawBody: Buffer.from(payload), signature })
      if (outcome !== 'accepted') throw new Error(`a webhook was ${outcome}: ${payload}`)
      this.delivered += 1
    }
  }
}
