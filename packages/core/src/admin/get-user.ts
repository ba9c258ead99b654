import type { Account } from '../accounts/index.ts'
import { readAccount } from '../accounts/index.ts'
import type { Invoice } from '../billing/index.ts'
import { getSubscription, listInvoices } from '../billing/index.ts'
import type { Context } from '../context.ts'
import type { FeatureLine } from '../features/index.ts'
import { listFeatures } from '../features/index.ts'
import type { UsageEvent } from '../metering/index.ts'
import { listUsageEvents } from '../metering/index.ts'
import type { Balance, FormerUsage } from '../quota/index.ts'
import { readFormerUsage } from '../quota/index.ts'
import { getQuota, getUsage } from '../quota/verbs.ts'
import type { StoredSubscription, Subscription } from '../subscriptions/index.ts'
import { hasEnded, isOpenDispute, planOrNull, readSubscriptions } from '../subscriptions/index.ts'
import { readUser } from './user-store.ts'

/** Everything about one customer. */
export interface UserDetails {
  userId: string
  email: string
  name: string | null
  /** 'account' can sign in here; 'subject' was made known by a sibling app. */
  kind: string
  createdAt: string
  /** Since when name and e-mail address are erased. */
  erasedAt: string | null
  /** How they sign in here; null for a user of a sibling app or of a host's own sign-in. */
  account: Account | null
  stripeCustomerId: string | null
  subscription: Subscription | null
  /** All that there ever were, the newest first: the one that counts, and the others. */
  subscriptions: SubscriptionLine[]
  /** What the operator should look at. */
  warnings: CustomerWarning[]
  quota: Awaited<ReturnType<typeof getQuota>>
  /** Of every feature of the catalogue. */
  features: FeatureLine[]
  usage: Balance[]
  /** Use of meters that the catalogue no longer has: their rows stay. The newest month first, at most 100. */
  formerUsage: FormerUsage[]
  /** The last ten. */
  invoices: Invoice[]
  /** The last twenty. */
  events: UsageEvent[]
}

/** One of a customer's subscriptions, as of the last sync. */
export interface SubscriptionLine {
  id: string
  /** Null: its price maps to no plan of the catalogue. */
  plan: string | null
  priceId: string | null
  status: string
  /** The one that counts. */
  isCurrent: boolean
  createdAt: string
  endedAt: string | null
}

/**
 * `several_subscriptions`: more than one is running, and each is charged; quotas never add up. `unknown_price`: the
 * customer pays a price that maps to no plan, and gives no quota. `collection_paused`: Stripe does not collect, and the
 * quota stays. `dispute_open`, `dispute_lost`, `uncollectible`: of a payment among the last ten invoices.
 */
export type CustomerWarning =
  | 'several_subscriptions'
  | 'unknown_price'
  | 'collection_paused'
  | 'dispute_open'
  | 'dispute_lost'
  | 'uncollectible'

const RECENT_INVOICES = 10
const RECENT_EVENTS = 20

/** Everything about one customer. Throws USER_NOT_FOUND. */
export async function getUser(ctx: Context, { userId }: { userId: string }): Promise<UserDetails> {
  const user = await readUser(ctx.db.pool, userId)
  const [account, subscription, subscriptions, quota, features, usage, former, invoices, events] =
    await Promise.all([
      readAccount(ctx.db.pool, { userId }, ctx.clock.now()),
      getSubscription(ctx, { userId }),
      readSubscriptions(ctx.db.pool, userId),
      getQuota(ctx, { userId }),
      listFeatures(ctx, { userId }),
      getUsage(ctx, { userId }),
      readFormerUsage(ctx.db.pool, { userId, meters: ctx.catalog.meterIds }),
      listInvoices(ctx, { userId, limit: RECENT_INVOICES, drafts: true }),
      listUsageEvents(ctx, { userId, limit: RECENT_EVENTS }),
    ])
  return {
    ...user,
    account,
    subscription,
    subscriptions: subscriptions.map((row) => toLine(ctx, row)),
    warnings: warningsOf(subscriptions, invoices.items),
    quota,
    features,
    usage: usage.meters,
    formerUsage: former,
    invoices: invoices.items,
    events: events.items,
  }
}

function toLine({ catalog }: Context, row: StoredSubscription): SubscriptionLine {
  const { id, priceId, status, isCurrent } = row
  const plan = planOrNull(catalog, row.plan)
  const createdAt = row.createdAt.toISOString()
  return {
    id,
    plan,
    priceId,
    status,
    isCurrent,
    createdAt,
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}

function warningsOf(
  subscriptions: readonly StoredSubscription[],
  invoices: readonly Invoice[],
): CustomerWarning[] {
  const running = subscriptions.filter(({ status }) => !hasEnded(status))
  const warnings: CustomerWarning[] = []
  if (running.length > 1) warnings.push('several_subscriptions')
  if (running.some(({ plan }) => plan === null)) warnings.push('unknown_price')
  if (running.some(({ pauseBehavior }) => pauseBehavior !== null))
    warnings.push('collection_paused')
  const disputes = invoices.map(({ disputeStatus }) => disputeStatus)
  if (disputes.some((status) => status !== null && isOpenDispute(status))) {
    warnings.push('dispute_open')
  }
  if (disputes.includes('lost')) warnings.push('dispute_lost')
  if (invoices.some(({ status }) => status === 'uncollectible')) warnings.push('uncollectible')
  return warnings
}
