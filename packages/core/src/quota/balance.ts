import type { AnyCatalog } from '../catalog/index.ts'
import { meterOf } from '../catalog/index.ts'
import type { Entitlement, Refusal } from './entitlement.ts'
import type { Window } from './windows/windows.ts'

/** What a user has used of a meter in a window, and what is left. Where `unlimited`, `limit` is 0 and means nothing. */
export interface Balance<M extends string = string> {
  meter: M
  used: number
  reserved: number
  limit: number
  unlimited: boolean
  /** Never below 0; null where unlimited. */
  remaining: number | null
  periodStart: string
  /** When the next window begins; null: the meter never resets. */
  resetsAt: string | null
}

export interface Count {
  used: number
  reserved: number
}

export type LimitNow = Pick<Entitlement, 'limit' | 'unlimited'>

export function balanceOf<M extends string>(
  { meter, window }: { meter: M; window: Window },
  count: Count,
  limit: LimitNow,
): Balance<M> {
  return {
    meter,
    used: count.used,
    reserved: count.reserved,
    limit: limit.unlimited ? 0 : limit.limit,
    unlimited: limit.unlimited,
    remaining: limit.unlimited ? null : Math.max(0, limit.limit - count.used - count.reserved),
    periodStart: window.startsAt,
    resetsAt: window.endsAt,
  }
}

/** Why `amount` more is refused, or null where it fits: used + reserved + amount ≤ limit. */
export function refusalOf(count: Count, entitlement: Entitlement, amount: number): Refusal | null {
  if (entitlement.refusal) return entitlement.refusal
  if (entitlement.unlimited) return null
  return count.used + count.reserved + amount <= entitlement.limit ? null : 'quota_exceeded'
}

/** The refusal as a sentence for the person who is stopped by it. */
export function refusalMessage(
  catalog: AnyCatalog,
  { reason, amount, balance }: { reason: Refusal; amount: number; balance: Balance },
): string {
  switch (reason) {
    case 'no_subscription':
      return 'There is no subscription. Choose a plan to start.'
    case 'subscription_inactive':
      return 'The subscription is not active. Update the payment method to use it again.'
    case 'quota_exceeded': {
      const [one, many] = meterOf(catalog, balance.meter).unit
      const needed = `${format(amount)} ${amount === 1 ? one : many}`
      const left = `${format(balance.remaining ?? 0)} of ${format(balance.limit)}`
      return `This needs ${needed}; ${left} are left${until(balance.resetsAt)}.`
    }
  }
}

/** Until when that is all: a day where it begins at midnight, else the time too. */
function until(resetsAt: string | null): string {
  if (resetsAt === null) return ', and this limit never resets'
  const [day, time = ''] = resetsAt.split('T')
  const clock = time.startsWith('00:00:00')
    ? ''
    : ` ${time.slice(0, time.startsWith(':00', 5) ? 5 : 8)}`
  return ` until ${day}${clock} (UTC)`
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}
