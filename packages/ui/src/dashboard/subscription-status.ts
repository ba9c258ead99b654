import type { Catalog, Subscription } from '../api/types.ts'
import type { Tone } from '../components/badge.tsx'
import { formatDay } from '../format/dates.ts'
import { planName } from '../format/names.ts'
import { lookOf, type StatusLook } from '../format/status-look.ts'

// Stripe's subscription statuses: docs.stripe.com/api/subscriptions/object#subscription_object-status
const looks = {
  active: { name: 'Active', tone: 'success' },
  trialing: { name: 'Trial', tone: 'accent' },
  past_due: { name: 'Past due', tone: 'warning' },
  unpaid: { name: 'Unpaid', tone: 'danger' },
  paused: { name: 'Paused', tone: 'neutral' },
  incomplete: { name: 'Incomplete', tone: 'warning' },
  incomplete_expired: { name: 'Expired', tone: 'neutral' },
  canceled: { name: 'Canceled', tone: 'neutral' },
} satisfies Record<string, StatusLook>

type Status = keyof typeof looks

/** The statuses to filter users by. A subscription that has ended is not a user's current one. */
export const currentStatuses = (
  ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete'] as const
).map((value) => ({ value, name: looks[value].name }))

/** How to show a subscription status of Stripe. An unknown one is shown unchanged. */
export function subscriptionStatus(status: string): StatusLook {
  return lookOf(looks, status)
}

/** Whether it is paid or in its trial, so that its plan gives quota and can be changed. */
export function isRunning({ status }: Subscription): boolean {
  return status === 'active' || status === 'trialing'
}

/** Whether its status gives no quota, so that the free plan counts, if there is one. */
export function givesNothing({ status, plan }: Subscription): boolean {
  return plan === null || status === 'unpaid' || status === 'paused' || status === 'incomplete'
}

/** Whether it ends with its period, as one that was cancelled does. An end further away can still be brought forward. */
export function endsWithPeriod({ cancelAt, currentPeriodEnd }: Subscription): boolean {
  return cancelAt !== null && cancelAt <= currentPeriodEnd
}

/** What happens next to a subscription, and when. Null if nothing is scheduled. */
export function nextStep(
  catalog: Catalog,
  subscription: Subscription,
): { text: string; at: string } | null {
  const { status, cancelAt, pendingAt, pendingPlan, trialEnd, currentPeriodEnd } = subscription
  if (cancelAt) return { text: `Ends on ${formatDay(cancelAt)}`, at: cancelAt }
  if (pendingAt && pendingPlan) {
    return {
      text: `Changes to ${pendingName(catalog, subscription)} on ${formatDay(pendingAt)}`,
      at: pendingAt,
    }
  }
  if (status === 'trialing') {
    const at = trialEnd ?? currentPeriodEnd
    return { text: `Trial ends on ${formatDay(at)}`, at }
  }
  if (status !== 'active') return null
  return { text: `Renews on ${formatDay(currentPeriodEnd)}`, at: currentPeriodEnd }
}

/** The plan that is to come; with its interval, where that is another one. */
export function pendingName(
  catalog: Catalog,
  { pendingPlan, pendingInterval, price }: Subscription,
): string {
  const name = planName(catalog, pendingPlan)
  if (pendingInterval === null || pendingInterval === price.interval) return name
  return `${name}, paid by the ${pendingInterval},`
}

export interface Problem {
  tone: Tone
  title: string
  message: string
}

/** A problem that the customer has to know about or act on, or null. */
export function problemOf(subscription: Subscription): Problem | null {
  const { status, plan, graceEndsAt, collectionPaused } = subscription
  if (isRunning(subscription) && graceEndsAt) return lostPayment(graceEndsAt)
  if (isKnown(status)) {
    const problem = problemOfStatus(status, subscription)
    if (problem) return problem
  }
  if (plan === null) {
    return {
      tone: 'warning',
      title: 'This price belongs to no plan',
      message: 'It gives no quota until that is corrected. Please contact support.',
    }
  }
  if (collectionPaused) return pausedCollection(collectionPaused)
  return null
}

function lostPayment(graceEndsAt: string): Problem {
  return {
    tone: 'danger',
    title: 'Your bank took a payment back',
    message: `It was disputed, and counts as not paid. Your plan gives quota until ${formatDay(graceEndsAt)} (UTC). Please contact support to pay it again.`,
  }
}

function pausedCollection({ resumesAt }: { resumesAt: string | null }): Problem {
  const until = resumesAt ? `until ${formatDay(resumesAt)}` : 'for now'
  return {
    tone: 'neutral',
    title: 'Your payments are paused',
    message: `You are not charged ${until}. Your quota stays.`,
  }
}

function problemOfStatus(status: Status, { graceEndsAt }: Subscription): Problem | null {
  switch (status) {
    case 'active':
    case 'trialing':
      return null
    case 'past_due':
      return {
        tone: 'danger',
        title: 'Your last payment failed',
        message: graceEndsAt
          ? `Update your payment method before ${formatDay(graceEndsAt)} (UTC) to keep your quota.`
          : 'Update your payment method to keep your quota.',
      }
    case 'unpaid':
      return {
        tone: 'danger',
        title: 'Your subscription is unpaid',
        message: 'It gives no quota now. Pay the open invoice or update your payment method.',
      }
    case 'incomplete':
      return {
        tone: 'warning',
        title: 'Your first payment is not complete',
        message: 'Your plan starts as soon as it is paid. Open “Manage billing” to finish it.',
      }
    case 'paused':
      return {
        tone: 'warning',
        title: 'Your subscription is paused',
        message:
          'It gives no quota until it is resumed. Add a payment method under “Manage billing”, then contact support.',
      }
    case 'canceled':
    case 'incomplete_expired':
      return {
        tone: 'neutral',
        title: 'Your subscription has ended',
        message: 'Choose a plan to start again.',
      }
  }
}

function isKnown(status: string): status is Status {
  return Object.hasOwn(looks, status)
}
