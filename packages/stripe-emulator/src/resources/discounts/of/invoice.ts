import type { Context } from '../../../core/context.ts'
import type { Invoice, InvoiceItem } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { withTotals } from '../../invoices/totals.ts'
import type { DiscountParam } from '../redeem/discount-params.ts'
import { redeemAll } from '../redeem/redeem.ts'

/** Gives a draft the discounts of a request, which replace those that it has; null: none. */
export function discountInvoice(
  ctx: Context,
  draft: Invoice,
  wanted: readonly DiscountParam[] | null,
): Invoice {
  const customer = requireCustomer(ctx, draft.customer ?? '')
  const ofCustomer = customer.discount ? [customer.discount.id] : []
  const ofLines = draft.lines.data.flatMap((line) => line.discounts)
  const discounts = redeemAll(ctx, wanted ?? [], {
    param: 'discounts',
    customer,
    currency: draft.currency,
    amount: draft.subtotal,
    owner: { invoice: draft.id },
    reusable: [...draft.discounts, ...ofLines, ...ofCustomer],
  })
  return ctx.store.put('invoices', withTotals(ctx, { ...draft, discounts }))
}

/** An invoice with the discounts of a request instead of those that it has; where the request names none, as it is. */
export function withDiscounts(
  ctx: Context,
  invoice: Invoice,
  wanted: readonly DiscountParam[] | null | undefined,
): Invoice {
  if (wanted === undefined || wanted?.length === 0) return invoice
  return discountInvoice(ctx, invoice, wanted)
}

/** Gives an invoice item the discounts of a request, which replace those that it has; null: none. */
export function discountInvoiceItem(
  ctx: Context,
  item: InvoiceItem,
  { wanted, param = 'discounts' }: { wanted: readonly DiscountParam[] | null; param?: string },
): InvoiceItem {
  const customer = requireCustomer(ctx, item.customer)
  const discounts = redeemAll(ctx, wanted ?? [], {
    param,
    customer,
    currency: item.currency,
    amount: item.amount,
    owner: { invoice_item: item.id },
    reusable: [...(item.discounts ?? []), ...(customer.discount ? [customer.discount.id] : [])],
  })
  return ctx.patch('invoice_items', item.id, { discounts })
}
