import type Stripe from 'stripe'
import { idOf } from '../../../stripe/index.ts'

/** A phase of a schedule as Stripe gives it. */
export type Phase = Stripe.SubscriptionSchedule['phases'][number]
type PhaseItem = Phase['items'][number]
/** A phase as Stripe takes it. */
export type SentPhase = NonNullable<Stripe.SubscriptionScheduleUpdateParams['phases']>[number]
type SentItem = SentPhase['items'][number]

/**
 * A phase that Stripe gave, as it has to be sent so that it stays what it is: an update replaces all phases, and what a
 * phase does not name is lost. Objects are sent by their ids. What is not set is left out, and so are empty lists: a
 * phase without discounts has its customer's.
 */
export function sentPhase(phase: Phase): SentPhase {
  const { start_date, end_date, trial_end, trial } = phase
  return {
    ...phaseSettings(phase),
    items: phase.items.map(sentItem),
    start_date,
    end_date,
    // Stripe takes one of the two.
    ...present(trial_end === null ? { trial: trial === true ? true : null } : { trial_end }),
  }
}

/** What a phase says apart from its items and dates. */
export function phaseSettings(phase: Phase): Omit<SentPhase, 'items'> {
  const { automatic_tax: tax, invoice_settings: invoices, transfer_data: transfer } = phase
  return present({
    add_invoice_items: phase.add_invoice_items.map(sentInvoiceItem),
    application_fee_percent: phase.application_fee_percent,
    automatic_tax: tax && {
      enabled: tax.enabled,
      ...present({ liability: tax.liability && sentParty(tax.liability) }),
    },
    billing_cycle_anchor: phase.billing_cycle_anchor,
    billing_thresholds: phase.billing_thresholds && present({ ...phase.billing_thresholds }),
    collection_method: phase.collection_method,
    currency: phase.currency,
    default_payment_method: idOf(phase.default_payment_method),
    default_tax_rates: idsOf(phase.default_tax_rates),
    description: phase.description,
    discounts: phase.discounts.map(sentDiscount),
    invoice_settings:
      invoices &&
      present({
        account_tax_ids: idsOf(invoices.account_tax_ids),
        custom_fields: invoices.custom_fields?.map(({ name, value }) => ({ name, value })),
        days_until_due: invoices.days_until_due,
        description: invoices.description,
        footer: invoices.footer,
        issuer: invoices.issuer && sentParty(invoices.issuer),
      }),
    metadata: phase.metadata,
    on_behalf_of: idOf(phase.on_behalf_of),
    proration_behavior: phase.proration_behavior,
    transfer_data: transfer && {
      destination: idOf(transfer.destination) ?? '',
      ...present({ amount_percent: transfer.amount_percent }),
    },
  })
}

export function sentItem(item: PhaseItem): SentItem {
  const usage = item.billing_thresholds?.usage_gte
  return present({
    price: idOf(item.price),
    quantity: item.quantity,
    metadata: item.metadata,
    tax_rates: idsOf(item.tax_rates),
    discounts: item.discounts.map(sentDiscount),
    billing_thresholds: typeof usage === 'number' ? { usage_gte: usage } : null,
  })
}

function sentInvoiceItem(item: Phase['add_invoice_items'][number]) {
  return present({
    price: idOf(item.price),
    quantity: item.quantity,
    discountable: item.discountable,
    discounts: item.discounts.map(sentDiscount),
    metadata: item.metadata,
    period: item.period && { start: { ...item.period.start }, end: { ...item.period.end } },
    tax_rates: idsOf(item.tax_rates),
  })
}

/** By its own id first: by its coupon it would begin anew, with its whole duration. */
function sentDiscount({ discount, promotion_code, coupon }: Phase['discounts'][number]) {
  const ids = { discount: idOf(discount), promotion_code: idOf(promotion_code) }
  if (ids.discount !== null) return { discount: ids.discount }
  if (ids.promotion_code !== null) return { promotion_code: ids.promotion_code }
  return present({ coupon: idOf(coupon) })
}

function sentParty({ type, account }: { type: string; account?: string | { id: string } }) {
  return { type, ...present({ account: idOf(account) }) }
}

function idsOf(list: readonly (string | { id: string })[] | null | undefined) {
  return list?.flatMap((one) => idOf(one) ?? [])
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }

/** The fields that are set: neither null, nor undefined, nor empty. */
function present<T extends object>(fields: T): Present<T> {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined && !isEmpty(value))
  return Object.fromEntries(set) as Present<T>
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
