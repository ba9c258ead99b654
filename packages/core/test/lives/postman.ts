import Stripe from 'stripe'
import { neededEventTypes } from '../../src/inbox/event-types.ts'
import type { Context } from '../../src/index.ts'
import { receiveWebhook } from '../../src/index.ts'
import type { Random } from './random.ts'

const SUBSCRIBED: ReadonlySet<string> = new Set(neededEventTypes)

/** What goes wrong in a life. */
export interface Weather {
  /** Of all webhooks: how many never come, and how many come twice. All come late and out of order. */
  dropped: number
  doubled: number
  /** Of all calls to Stripe: how many fail. */
  failing: number
}

export const SECRET = 'whsec_lives'

/** Brings Stripe's webhooks: late, out of order, some twice, some not at all. */
export class Postman {
  readonly #random: Random
  readonly #weather: Weather
  #bag: object[] = []
  dropped = 0
  delivered = 0

  constructor(random: Random, weather: Weather) {
    this.#random = random
    this.#weather = weather
  }

  /** Takes what Stripe has to say of what `plans push` subscribes to. */
  take(event: object): void {
    if (!('type' in event) || typeof event.type !== 'string' || !SUBSCRIBED.has(event.type)) return
    if (this.#random.happens(this.#weather.dropped)) {
      this.dropped += 1
      return
    }
    this.#bag.push(event)
    if (this.#random.happens(this.#weather.doubled)) this.#bag.push(event)
  }

  /** Delivers this part of what it has, in any order, and keeps the rest. */
  async deliver(ctx: Context, part: number): Promise<void> {
    const shuffled = this.#random.shuffle(this.#bag)
    const count = Math.ceil(shuffled.length * part)
    this.#bag = shuffled.slice(count)
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
