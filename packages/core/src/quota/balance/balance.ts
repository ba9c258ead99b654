import type { AnyCatalog } from '../../catalog/index.ts'
import { freePlan, meterOf, planLimit } from '../../catalog/index.ts'
import type { Entitlement, Refusal } from '../entitlement.ts'
import type { Window } from '../windows/windows.ts'
import type { Count } from './beyond.ts'
import { totalLeft } from './beyond.ts'

/** What a user has used of a meter in a window, and what is left. Where `unlimited`, `limit` is 0 and means nothing. */
export interface Balance<M extends string = string> {
  meter: M
  used: number
  reserved: number
  limit: number
  unlimited: boolean
  /** All that a consume would still allow: of the allowance, of credits, and of overage. Null: no end. */
  remaining: number | null
  /** What remains in live grants. */
  credits: number
  /** What was sold in the billing period, and the most that its cap pays for (null: no cap). Null: nothing is sold. */
  overage: { used: number; cap: number | null } | null
  periodStart: string
  /** When the next window begins; null: the meter never resets. */
  resetsAt: string | null
}

export type LimitNow = Pick<Entitlement, 'limit' | 'unlimited'>

export function balanceOf<M extends string>(
  { meter, window }: { meter: M; window: Window },
  count: Count,
  limit: LimitNow,
): Balance<M> {
  const { credits, overage } = count.beyond
  return {
    meter,
    used: count.used,
    reserved: count.reserved,
    limit: limit.unlimited ? 0 : limit.limit,
    unlimited: limit.unlimited,
    remaining: remainingOf(count, limit),
    credits: Math.min(credits, Number.MAX_SAFE_INTEGER),
    overage: overage && { used: overage.used, cap: overage.cap },
    periodStart: window.startsAt,
    resetsAt: window.endsAt,
  }
}

/** All that a consume would still allow, as an answer has it: not beyond safe integers, and null without end. */
export function remainingOf(count: Count, limit: LimitNow): number | null {
  const left = totalLeft(count, limit)
  return left === Infinity ? null : Math.min(left, Number.MAX_SAFE_INTEGER)
}

/** Why `amount` more is refused; null where it fits into what is left of the allowance, of credits and of overage. */
export function refusalOf(count: Count, entitlement: Entitlement, amount: number): Refusal | null {
  return amount <= totalLeft(count, entitlement) ? null : refusalReason(count, entitlement)
}

/** Why what does not fit is refused. Who has live credits lacks units alone, whatever the subscription says. */
export function refusalReason({ beyond }: Count, { refusal }: Entitlement): Refusal {
  return beyond.credits > 0 ? 'quota_exceeded' : (refusal ?? 'quota_exceeded')
}

/** The refusal as a sentence for the person who is stopped by it. */
export function refusalMessage(
  catalog: AnyCatalog,
  { reason, amount, balance }: { reason: Refusal; amount: number; balance: Balance },
): string {
  switch (reason) {
    case 'no_subscription':
      return [
        'There is no subscription. Choose a plan to start.',
        ...orCredits(catalog, balance),
      ].join(' ')
    case 'subscription_inactive':
      return [
        'The subscription is not active. Update the payment method to use it again.',
        ...orCredits(catalog, balance),
      ].join(' ')
    case 'quota_exceeded':
      return [shortage(catalog, amount, balance), ...helps(catalog, balance)].join(' ')
  }
}

function shortage(catalog: AnyCatalog, amount: number, balance: Balance): string {
  const { meter, remaining, limit, credits, overage, resetsAt } = balance
  const [one, many] = meterOf(catalog, meter).unit
  const needed = `This needs ${format(amount)} ${amount === 1 ? one : many}`
  const left = format(remaining ?? 0)
  const beyond = [...(credits > 0 ? ['credits'] : []), ...(overage ? ['overage'] : [])]
  if (beyond.length > 0) return `${needed}; ${left} are left, with ${beyond.join(' and ')}.`
  return `${needed}; ${left} of ${format(limit)} are left${until(resetsAt)}.`
}

/** Credits help without a subscription too. */
function orCredits(catalog: AnyCatalog, { meter }: Balance): string[] {
  return sellsCredits(catalog, meter) ? ['Or buy credits.'] : []
}

function sellsCredits(catalog: AnyCatalog, meter: string): boolean {
  return Object.values(catalog.packs).some((pack) => pack.meter === meter)
}

/** What would help, where the catalogue has it; else a larger limit or waiting, as every refusal says by its numbers. */
function helps(catalog: AnyCatalog, { meter, overage, limit }: Balance): string[] {
  const free = freePlan(catalog)
  const hasFree = free !== null && planLimit(catalog, free, meter).limit === limit
  const ways = [
    ...(overage !== null && overage.cap !== null ? ['raise the cap on overage'] : []),
    ...(sellsCredits(catalog, meter) ? ['buy credits'] : []),
    ...(hasFree ? ['choose a larger plan'] : []),
  ]
  if (ways.length === 0) return []
  return [`To go on, ${ways.join(' or ')}.`]
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
