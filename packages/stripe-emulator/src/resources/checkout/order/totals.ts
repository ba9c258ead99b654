import type { Context } from '../../../core/context.ts'
import type {
  CheckoutBreakdown,
  CheckoutOrder,
  CheckoutOrderItem,
  CheckoutSession,
  Customer,
  InvoiceLine,
} from '../../../documents.ts'
import { newCustomer, requireCustomer } from '../../customers/customer.ts'
import { automaticTaxStatus } from '../../tax/automatic.ts'
import { requireOrder, requireSession } from '../session.ts'
import type { Bill } from './bill.ts'
import { draftInvoice, startSubscription } from './bill.ts'
import { breakdownOf } from './breakdown.ts'
import { redeemForPayment } from './session-discounts.ts'

type Amounts = NonNullable<CheckoutOrderItem['amounts']>

const NOTHING: Amounts = { subtotal: 0, discount: 0, tax: 0, total: 0 }

/**
 * Computes what is due today for each item of an open session, and the totals. Called whenever something changes that
 * they depend on: the items, their quantities, a discount, an address. The amounts are those of the invoice that the
 * order would have now, so that they cannot differ from it: it is made and rolled back.
 */
export function withTotals(ctx: Context, id: string): CheckoutSession {
  const session = requireSession(ctx, id)
  if (session.mode === 'setup') return session
  const order = requireOrder(ctx, id)
  const { linesOf, breakdown, taxStatus } = previewBill(ctx, session, order)
  const items = order.items.map((item) => ({
    ...item,
    amounts: amountsOf(linesOf.get(item.id) ?? []),
  }))
  const total = items.map(({ amounts }) => amounts).reduce(sum, NOTHING)
  ctx.patch('checkout_orders', id, { items, breakdown })
  return ctx.patch('checkout_sessions', id, {
    amount_subtotal: total.subtotal,
    amount_total: total.total,
    ...(session.automatic_tax.enabled
      ? { automatic_tax: { ...session.automatic_tax, status: taxStatus } }
      : {}),
    total_details: {
      amount_discount: total.discount,
      amount_shipping: 0,
      amount_tax: total.tax,
    },
  })
}

function sum(a: Amounts, b: Amounts): Amounts {
  return {
    subtotal: a.subtotal + b.subtotal,
    discount: a.discount + b.discount,
    tax: a.tax + b.tax,
    total: a.total + b.total,
  }
}

function amountsOf(lines: readonly InvoiceLine[]): Amounts {
  return lines.map(amountsOfLine).reduce(sum, NOTHING)
}

function amountsOfLine(line: InvoiceLine): Amounts {
  const { subtotal } = line
  const discount = add((line.discount_amounts ?? []).map(({ amount }) => amount))
  const taxes = line.taxes ?? []
  const added = taxes.filter((tax) => tax.tax_behavior === 'exclusive')
  const tax = add(taxes.map(({ amount }) => amount))
  const total = subtotal - discount + add(added.map(({ amount }) => amount))
  return { subtotal, discount, tax, total }
}

function add(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

interface Preview {
  linesOf: Bill['linesOf']
  breakdown: CheckoutBreakdown
  taxStatus: 'complete' | 'requires_location_inputs'
}

/** The invoice that the order would have now, without an effect. */
function previewBill(ctx: Context, session: CheckoutSession, order: CheckoutOrder): Preview {
  const before = ctx.store.mark()
  const events = ctx.events.length
  const { previewing } = ctx
  ctx.previewing = true
  try {
    const customer = buyer(ctx, session, order)
    const { linesOf } = billFor(ctx, { session, order, customer })
    return {
      linesOf,
      breakdown: breakdownOf(ctx, [...linesOf.values()].flat()),
      taxStatus: automaticTaxStatus(ctx, customer.id),
    }
  } finally {
    ctx.store.rollbackTo(before)
    ctx.events.length = events
    ctx.previewing = previewing
  }
}

function billFor(
  ctx: Context,
  of: { session: CheckoutSession; order: CheckoutOrder; customer: Customer },
): Bill {
  const { session, order, customer } = of
  if (session.mode === 'payment') {
    const { linesOf } = draftInvoice(ctx, { ...of, discounts: [] })
    const subtotal = add([...linesOf.values()].flat().map((line) => line.subtotal))
    const discounts = redeemForPayment(ctx, session, { customer, subtotal })
    return discounts.length === 0
      ? { invoice: null, linesOf }
      : draftInvoice(ctx, { ...of, discounts })
  }
  const unpaid = { paymentBehavior: 'default_incomplete', payWith: null } as const
  return startSubscription(ctx, order, { ...unpaid, session, customer, authenticated: false }).bill
}

/** The customer of a session; for a preview, with the addresses that the buyer has given where the session uses them. */
function buyer(ctx: Context, session: CheckoutSession, order: CheckoutOrder): Customer {
  const address = session.customer_details?.address ?? null
  const shipping = session.collected_information?.shipping_details ?? null
  if (session.customer === null) {
    return ctx.store.put('customers', { ...newCustomer(ctx, null), address, shipping })
  }
  const known = requireCustomer(ctx, session.customer, 'customer')
  const { customerUpdate: update } = order
  return ctx.store.put('customers', {
    ...known,
    ...(update?.address === 'auto' && address !== null ? { address } : {}),
    ...(update?.shipping === 'auto' && shipping !== null ? { shipping } : {}),
  })
}
