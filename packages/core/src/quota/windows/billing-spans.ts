import { beginsWindows, hasEnded } from '../../subscriptions/index.ts'
import type { BillingSpan } from './windows.ts'
import { windowOf } from './windows.ts'

/** A subscription as Stripe has it now. */
export interface SpanSubscription {
  id: string
  plan: string | null
  status: string
  is_current: boolean
  created_at: Date
  ended_at: Date | null
  trial_end: Date | null
  billing_cycle_anchor: Date
}

/** A subscription as of the sync before. */
export interface EarlierSubscription {
  id: string
  plan: string | null
  status: string
  isCurrent: boolean
  trialEnd: Date | null
}

export interface SpanInput {
  /** What is stored, in order. */
  spans: readonly BillingSpan[]
  earlier: readonly EarlierSubscription[]
  subscriptions: readonly SpanSubscription[]
  now: Date
}

/**
 * The times over which a user's subscriptions give `billing` windows, as they follow from those that are stored and the
 * Stripe state. The subscription that counts has them from when it first gives quota until it ends or another counts; a
 * moved anchor begins a window, a moved end of a trial none. Pure. The same state again changes nothing, and neither does
 * how late a sync is, except where Stripe does not say when something happened: then it counts from `now`.
 */
export function nextSpans(input: SpanInput): readonly BillingSpan[] {
  const { spans, subscriptions } = input
  const open = spans.at(-1)?.endsAt === null ? spans.at(-1) : undefined
  const current = subscriptions.find(({ is_current }) => is_current)
  if (open && current?.id === open.subscriptionId) return followAnchor(open, current, input)
  const before = open ? closed(open, input) : spans
  if (before.at(-1)?.endsAt === null || !current || !givesWindows(current)) return before
  const previousEnd = before.at(-1)?.endsAt ?? null
  return [
    ...before,
    {
      subscriptionId: current.id,
      startsAt: latest(firstGave(current, input), previousEnd),
      endsAt: null,
      anchor: current.billing_cycle_anchor,
      stepsAfter: null,
    },
  ]
}

/** Whether a subscription begins to have windows: a price that is not known gives no quota, so it has none either. */
function givesWindows({ plan, status }: { plan: string | null; status: string }): boolean {
  return plan !== null && beginsWindows(status)
}

/**
 * When a subscription first gave quota. One that was stored and gave none yet gives it from now, or from the end of the
 * one that counted before it; any other has since it was created.
 */
function firstGave({ id, created_at }: SpanSubscription, input: SpanInput): Date {
  const stored = input.earlier.find((each) => each.id === id)
  if (!stored || (stored.isCurrent && givesWindows(stored))) return created_at
  const open = input.spans.find(({ endsAt }) => endsAt === null)
  const replaced = input.subscriptions.find((each) => each.id === open?.subscriptionId)
  return (givesWindows(stored) && replaced?.ended_at) || input.now
}

/** The spans with the open one ended: its subscription ended, or another one counts. */
function closed(open: BillingSpan, input: SpanInput): readonly BillingSpan[] {
  const { spans, subscriptions } = input
  const of = subscriptions.find(({ id }) => id === open.subscriptionId)
  const next = subscriptions.find((each) => each.is_current && givesWindows(each))
  const replacedAt = next ? firstGave(next, input) : null
  const endedAt = of && hasEnded(of.status) ? (of.ended_at ?? input.now) : null
  const end = earliest(endedAt, replacedAt)
  // Of a subscription that Stripe does not list: whoever asks for it by its id ends it.
  if (end === null) return spans
  return cut(spans, latest(open.startsAt, end))
}

/** The spans with the open one going on from the anchor that its subscription has now. */
function followAnchor(
  open: BillingSpan,
  { id, trial_end, billing_cycle_anchor: anchor }: SpanSubscription,
  { spans, earlier, now }: SpanInput,
): readonly BillingSpan[] {
  if (anchor.getTime() === open.anchor.getTime()) return spans
  const stored = earlier.find((each) => each.id === id)
  const trialMoved =
    stored?.trialEnd?.getTime() !== trial_end?.getTime() &&
    trial_end?.getTime() === anchor.getTime()
  const basis = { knownSince: open.startsAt, spans: [open] }
  // A moved end of a trial: the window of now goes on under its key, so it is the window's start from which all is new.
  const from = trialMoved
    ? windowOf('billing', latest(open.startsAt, now), basis).start
    : anchor > open.startsAt && anchor <= now
      ? anchor
      : latest(open.startsAt, now)
  const stepsAfter = trialMoved ? now : null
  const next = { subscriptionId: id, startsAt: from, endsAt: null, anchor, stepsAfter }
  return [...cut(spans, from), next]
}

/** The spans with the last one ended; without it, where nothing of it is left. */
function cut(spans: readonly BillingSpan[], endsAt: Date): readonly BillingSpan[] {
  const open = spans.at(-1)
  const before = spans.slice(0, -1)
  return open && open.startsAt < endsAt ? [...before, { ...open, endsAt }] : before
}

function latest(a: Date, b: Date | null): Date {
  return b !== null && b > a ? b : a
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
