import type { Context } from '../../../core/context.ts'
import type {
  CheckoutOrder,
  CheckoutOrderItem,
  CheckoutSession,
  Customer,
  InvoiceLine,
} from '../../../documents.ts'
import { newCustomer, requireCustomer } from '../../customers/customer.ts'
import { requireOrder, requireSession } from '../session.ts'
import type { Bill } from './bill.ts'
import { draftInvoice, startSubscription } from './bill.ts'

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
  const { linesOf } = previewBill(ctx, session, order)
  const items = order.items.map((item) => ({
    ...item,
    amounts: amountsOf(linesOf.get(item.id) ?? []),
  }))
  const total = items.map(({ amounts }) => amounts).reduce(sum, NOTHING)
  ctx.patch('checkout_orders', id, { items })
  return ctx.patch('checkout_sessions', id, {
    amount_subtotal: total.subtotal,
    amount_total: total.total,
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

/** The invoice that the order would have now. */
function previewBill(ctx: Context, session: CheckoutSession, order: CheckoutOrder): Bill {
  const before = ctx.store.mark()
  const events = ctx.events.length
  try {
    const customer = buyer(ctx, session)
    if (session.mode === 'payment') return draftInvoice(ctx, { session, order, customer })
    const unpaid = { paymentBehavior: 'default_incomplete', payWith: null } as const
    return startSubscription(ctx, order, {
      ...unpaid,
      customer,
      currency: session.currency ?? '',
      authenticated: false,
    })
  } finally {
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

/** The customer of a session; for a preview, one with the address that the buyer has given. */
function buyer(ctx: Context, session: CheckoutSession): Customer {
  if (session.customer !== null) return requireCustomer(ctx, session.customer, 'customer')
  const address = session.customer_details?.address ?? null
  return ctx.store.put('customers', { ...newCustomer(ctx, null), address })
}
