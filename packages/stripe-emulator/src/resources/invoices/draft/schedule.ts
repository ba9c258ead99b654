import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice } from '../../../documents.ts'

const DAY = 86_400
const HOUR = 3600
const YEARS = 5

/** What a request says of when an invoice is finalized and due. */
interface Wanted {
  auto_advance?: boolean | undefined
  automatically_finalizes_at?: number | undefined
  collection_method?: 'charge_automatically' | 'send_invoice' | undefined
  days_until_due?: number | undefined
  due_date?: number | null | undefined
}

/**
 * When a draft is finalized, charged and due, after a change. It is finalized one hour and a second after its creation
 * (docs/stripe.md, fact 30). Throws 400 for a due date that its way of collection lacks or does not have.
 */
export function scheduleOf(ctx: Context, draft: Invoice, wanted: Wanted): Partial<Invoice> {
  const method = wanted.collection_method ?? draft.collection_method
  const isSent = method === 'send_invoice'
  return {
    ...advance(ctx, draft, { ...wanted, isSent }),
    collection_method: method,
    due_date: dueDate(draft, { ...wanted, isSent }),
  }
}

function advance(
  ctx: Context,
  draft: Invoice,
  { auto_advance, automatically_finalizes_at: at, isSent }: Wanted & { isSent: boolean },
): Partial<Invoice> {
  if (at !== undefined) requireSoon(at, ctx.timeOf(draft.test_clock))
  const advances = auto_advance ?? (at !== undefined || draft.auto_advance)
  if (!advances) {
    return { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null }
  }
  const kept = draft.auto_advance ? draft.automatically_finalizes_at : null
  const finalizes = at ?? kept ?? draft.created + HOUR + 1
  const isHour = finalizes === draft.created + HOUR + 1
  return {
    auto_advance: true,
    automatically_finalizes_at: finalizes,
    next_payment_attempt: isSent ? null : isHour ? draft.created + HOUR : finalizes,
  }
}

function requireSoon(at: number, now: number): void {
  if (at > now && at <= now + YEARS * 366 * DAY) return
  throw invalidRequest(
    `\`automatically_finalizes_at\` must be in the future, at most ${YEARS} years from now.`,
    { param: 'automatically_finalizes_at' },
  )
}

function dueDate(
  draft: Invoice,
  { days_until_due: days, due_date: date, isSent }: Wanted & { isSent: boolean },
): number | null {
  if (days !== undefined && date != null) {
    throw invalidRequest(
      'You may only specify one of these parameters: days_until_due, due_date.',
      { code: 'parameters_exclusive', param: 'days_until_due' },
    )
  }
  if (!isSent && (days !== undefined || date != null)) {
    throw invalidRequest(
      "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
    )
  }
  if (!isSent) return null
  const kept = date === null ? null : draft.due_date
  const due = days === undefined ? (date ?? kept) : draft.created + days * DAY
  if (due !== null) return due
  throw invalidRequest(
    "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
  )
}
