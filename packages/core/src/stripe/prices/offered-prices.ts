import type { Context } from '../../context.ts'
import type { StripeGateway } from '../gateway.ts'
import type { CurrentPrices } from './current-prices.ts'
import { currentPrices } from './current-prices.ts'

const FRESH_MS = 60_000
/** How soon to ask again when Stripe did not answer. */
const RETRY_MS = 10_000

interface Entry {
  until: number
  prices: Promise<CurrentPrices | null>
}

const cache = new WeakMap<StripeGateway, Entry>()

/**
 * `currentPrices` for pages: at most a minute old, and asked for once however many pages wait. Never throws: while
 * Stripe can't be reached, it returns the last known ones; null where there are none.
 */
export function offeredPrices(ctx: Context): Promise<CurrentPrices | null> {
  const now = ctx.clock.now().getTime()
  const before = cache.get(ctx.stripe)
  if (before && now < before.until) return before.prices
  const entry: Entry = { until: now + FRESH_MS, prices: refresh() }
  cache.set(ctx.stripe, entry)
  return entry.prices

  async function refresh(): Promise<CurrentPrices | null> {
    try {
      return await currentPrices(ctx)
    } catch (error) {
      ctx.log.warn({ err: error }, 'the prices could not be read from Stripe')
      entry.until = now + RETRY_MS
      return (await before?.prices) ?? null
    }
  }
}
