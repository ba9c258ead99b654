import type { Context } from '../../core/context.ts'
import type { TaxRate } from '../../documents.ts'

/** The taxes that a line of an invoice has itself, or the invoice item that it is made from. */
export interface OwnTaxes {
  /** Used instead of the default rates of the invoice; empty: there are none. */
  rates: TaxRate[]
  /** Whether the amount includes automatic tax; null: its price says so. */
  behavior: 'exclusive' | 'inclusive' | null
}

/** Notes the taxes of a line or an invoice item. */
export function setOwnTaxes(ctx: Context, id: string, own: Partial<OwnTaxes>): void {
  const { behavior = null, rates = [] } = own
  if (rates.length > 0 || behavior !== null) {
    ctx.store.put('line_taxes', { id, rates: rates.map((rate) => rate.id), behavior })
  } else if (ctx.store.get('line_taxes', id) !== undefined) ctx.store.remove('line_taxes', id)
}

export function ownTaxes(ctx: Context, id: string): OwnTaxes {
  const { behavior = null, rates = [] } = ctx.store.get('line_taxes', id) ?? {}
  return { rates: rates.flatMap((rate) => ctx.store.get('tax_rates', rate) ?? []), behavior }
}
