import type { Invoice, Subscription } from '../billing/index.ts'
import type { PlanId } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { UsageEvent } from '../metering/index.ts'
import type { Page } from '../page.ts'
import type { Balance, getQuota } from '../quota/index.ts'

export interface UsersInput {
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
  /** A part of the e-mail address or name, or a whole user id. */
  search?: string | undefined
  /** 'unknown': a price that is not of the catalogue. */
  plan?: PlanId | 'unknown' | undefined
  /** Stripe's status of the current subscription, or 'none'. */
  status?: string | undefined
  /** Newest first unless asked otherwise. */
  sort?: 'newest' | 'oldest' | 'email' | undefined
}

/** One line of the operator's list of customers. */
export interface UserSummary {
  userId: string
  email: string
  plan: PlanId | null
  /** Stripe's; null without a subscription. */
  status: string | null
  /** This month's, every meter. */
  usage: Balance[]
}

/** Everything about one customer. */
export interface UserDetails {
  userId: string
  email: string
  name: string | null
  /** 'account' signs in here; 'subject' was named by a sibling app. */
  kind: string
  createdAt: string
  stripeCustomerId: string | null
  subscription: Subscription | null
  quota: Awaited<ReturnType<typeof getQuota>>
  usage: Balance[]
  /** The last ten. */
  invoices: Invoice[]
  /** The last twenty. */
  events: UsageEvent[]
}

/** Customers with plan, status and this month's use. Stable while customers are added. */
export async function listUsers(
  _ctx: Context,
  _input: UsersInput = {},
): Promise<Page<UserSummary>> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/** Everything about one customer. Throws USER_NOT_FOUND. */
export async function getUser(_ctx: Context, _input: { userId: string }): Promise<UserDetails> {
  throw new TollgateError('INTERNAL', 'not yet')
}
