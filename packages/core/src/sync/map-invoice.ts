import type Stripe from 'stripe'
import { idOf, instant } from './fetch-customer.ts'
import { subscriptionOf } from './map-subscription.ts'

/** A row of `invoices`, but for whose it is. */
export interface InvoiceRow {
  id: string
  customer_id: string
  subscription_id: string | null
  number: string | null
  status: string
  attempted: boolean
  currency: string
  total: number
  amount_paid: number
  amount_due: number
  amount_refunded: number
  created_at: Date
  period_start: Date
  period_end: Date
  finalized_at: Date | null
  hosted_url: string | null
  pdf_url: string | null
}

/**
 * Stripe's invoice as our row. An invoice does not say what was refunded: the charges of its payments do, found
 * by their payment intent (stripe facts: `charge` and `payment_intent` are gone from the invoice).
 */
export function mapInvoice(invoice: Stripe.Invoice, charges: readonly Stripe.Charge[]): InvoiceRow {
  return {
    id: invoice.id,
    customer_id: idOf(invoice.customer) ?? '',
    subscription_id: subscriptionOf(invoice),
    number: invoice.number,
    status: invoice.status ?? 'draft',
    attempted: invoice.attempted,
    currency: invoice.currency,
    total: invoice.total,
    amount_paid: invoice.amount_paid,
    amount_due: invoice.amount_due,
    amount_refunded: refunded(invoice, charges),
    created_at: instant(invoice.created),
    period_start: instant(invoice.period_start),
    period_end: instant(invoice.period_end),
    finalized_at: instant(invoice.status_transitions.finalized_at),
    hosted_url: invoice.hosted_invoice_url ?? null,
    pdf_url: invoice.invoice_pdf ?? null,
  }
}

function refunded(invoice: Stripe.Invoice, charges: readonly Stripe.Charge[]): number {
  const payments = (invoice.payments?.data ?? []).flatMap(({ payment }) => [
    idOf(payment.payment_intent),
    idOf(payment.charge),
  ])
  const paidBy = new Set(payments.filter((id) => id !== null))
  return charges
    .filter(({ id, payment_intent }) => paidBy.has(id) || paidBy.has(idOf(payment_intent) ?? ''))
    .reduce((sum, { amount_refunded }) => sum + amount_refunded, 0)
}
