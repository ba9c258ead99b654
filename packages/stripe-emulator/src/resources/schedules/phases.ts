import type { Context } from '../../core/context.ts'
import type { Subscription } from '../../documents.ts'

/** Gives a subscription what the phase of its schedule that begins now says; null: it has ended. */
export function enterDuePhase(_ctx: Context, subscription: Subscription): Subscription | null {
  return subscription
}
