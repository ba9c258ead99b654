import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { CreditNoteLine, Invoice, InvoiceLine, TaxRate } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { taxAmounts } from '../../tax/rates/compute.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import type { CreditNoteLineParam } from './credit-note-params.ts'
import { timesDecimal } from './decimal.ts'
import { creditOf } from './line-credit.ts'

type Tax = NonNullable<CreditNoteLine['taxes']>[number]

/** A line that a request asks for, and its name in the request. */
interface Asked {
  invoice: Invoice
  param: CreditNoteLineParam
  name: string
}

/** Builds a line of a credit note. Throws 400 for what the types of the `stripe` package say is not valid. */
export function creditNoteLine(ctx: Context, asked: Asked): CreditNoteLine {
  const { param } = asked
  const line = param.type === 'invoice_line_item' ? invoiceLine(ctx, asked) : customLine(ctx, asked)
  const given = givenTaxes(ctx, asked, line.tax_rates)
  return given === null ? line : { ...line, taxes: given }
}

/** The line of a credit note that names nothing but its amount. */
export function amountLine(amount: number): CreditNoteLine {
  return {
    ...blankLine(),
    amount,
    quantity: 1,
    type: 'custom_line_item',
    unit_amount: amount,
    unit_amount_decimal: String(amount),
  }
}

function blankLine() {
  return {
    id: longId('cnli'),
    object: 'credit_note_line_item' as const,
    description: null,
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    tax_rates: [],
    taxes: [],
  }
}

function refuse(asked: Asked, field: keyof CreditNoteLineParam): void {
  if (asked.param[field] === undefined) return
  throw invalidRequest(
    `\`${field}\` is not valid for a credit note line item of type \`${asked.param.type}\`.`,
    { param: `${asked.name}[${field}]` },
  )
}

function missing(name: string): never {
  throw invalidRequest(`Missing required param: ${name}.`, {
    code: 'parameter_missing',
    param: name,
  })
}

function customLine(ctx: Context, asked: Asked): CreditNoteLine {
  const { invoice, name, param } = asked
  refuse(asked, 'amount')
  refuse(asked, 'invoice_line_item')
  if (invoice.automatic_tax.enabled) {
    throw invalidRequest(
      '`custom_line_item` is not valid when the invoice is set up with `automatic_tax[enabled]=true`.',
      { param: `${name}[type]` },
    )
  }
  if (param.unit_amount !== undefined && param.unit_amount_decimal !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: unit_amount, unit_amount_decimal.',
      {
        code: 'parameters_exclusive',
      },
    )
  }
  const unit = param.unit_amount_decimal ?? param.unit_amount?.toString()
  if (unit === undefined) return missing(`${name}[unit_amount]`)
  if (param.description === undefined) return missing(`${name}[description]`)
  if (param.quantity === undefined) return missing(`${name}[quantity]`)
  const rates = newTaxRates(ctx, param.tax_rates, `${name}[tax_rates]`)
  const amount = timesDecimal(unit, param.quantity)
  return {
    ...blankLine(),
    amount,
    description: param.description,
    metadata: changeMetadata({}, param.metadata),
    quantity: param.quantity,
    tax_rates: rates,
    taxes: taxesOf(amount, rates),
    type: 'custom_line_item',
    unit_amount: unit.includes('.') ? null : Number(unit),
    unit_amount_decimal: unit,
  }
}

function invoiceLine(ctx: Context, asked: Asked): CreditNoteLine {
  const { name, param } = asked
  refuse(asked, 'description')
  refuse(asked, 'tax_rates')
  refuse(asked, 'unit_amount')
  refuse(asked, 'unit_amount_decimal')
  const line = creditedLine(asked)
  const amount = creditedAmount(asked, line)
  const { discounts, taxes } = creditOf(ctx, line, amount)
  const discount = discounts.reduce((sum, one) => sum + one.amount, 0)
  const unit = param.quantity === undefined ? null : Math.round(line.amount / (line.quantity ?? 1))
  return {
    ...blankLine(),
    amount,
    description: line.description,
    discount_amount: discount,
    discount_amounts: discounts,
    invoice_line_item: line.id,
    metadata: changeMetadata({}, param.metadata),
    pretax_credit_amounts: discounts.map((one) => ({ ...one, type: 'discount' as const })),
    quantity: param.quantity ?? null,
    tax_rates: manualRates(ctx, line),
    taxes,
    type: 'invoice_line_item',
    unit_amount: unit,
    unit_amount_decimal: unit === null ? null : String(unit),
  }

  function creditedLine({ invoice }: Asked): InvoiceLine {
    const id = param.invoice_line_item ?? missing(`${name}[invoice_line_item]`)
    const found = invoice.lines.data.find((one) => one.id === id)
    if (found !== undefined) return found
    if (id.startsWith('ii_') || id.startsWith('sub_') || id.startsWith('si_')) {
      throw invalidRequest(
        'Old `id` values cannot be used to specify an invoice line item in this API version. Please use the current value of the `id` field of the invoice line item object.',
        { param: `${name}[invoice_line_item]` },
      )
    }
    throw invalidRequest(`No such invoice line item: '${id}'`, {
      code: 'resource_missing',
      param: `${name}[invoice_line_item]`,
    })
  }
}

function creditedAmount({ name, param }: Asked, line: InvoiceLine): number {
  if (param.amount !== undefined && param.quantity !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: amount, quantity.', {
      code: 'parameters_exclusive',
    })
  }
  if (param.amount !== undefined) return param.amount
  const { quantity } = param
  if (quantity === undefined) {
    throw invalidRequest(
      '`quantity` or `amount` is required when crediting an invoice line item.',
      { param: name },
    )
  }
  const billed = line.quantity ?? 1
  if (quantity > billed) {
    throw invalidRequest(
      `The quantity to credit (${quantity}) is greater than the quantity of the invoice line item (${billed}).`,
      { param: `${name}[quantity]` },
    )
  }
  return Math.round((line.amount * quantity) / billed)
}

/** The rates of a line that were set by hand; those of automatic tax are only in its taxes. */
function manualRates(ctx: Context, line: InvoiceLine): TaxRate[] {
  return (line.taxes ?? []).flatMap((tax) => {
    const rate = ctx.store.get('tax_rates', String(tax.tax_rate_details?.tax_rate ?? ''))
    return rate === undefined || rate.rate_type !== null ? [] : [rate]
  })
}

function taxesOf(amount: number, rates: readonly TaxRate[]): Tax[] {
  const amounts = taxAmounts(amount, rates)
  return rates.map((rate, index) => ({
    amount: amounts[index]?.amount ?? 0,
    tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: 'not_available',
    taxable_amount: amounts[index]?.taxable ?? 0,
    type: 'tax_rate_details',
  }))
}

/** The taxes that a request gives as amounts; null: it gives none. */
function givenTaxes(ctx: Context, asked: Asked, rates: readonly TaxRate[]): Tax[] | null {
  const { invoice, name, param } = asked
  const amounts = param.tax_amounts
  if (amounts === undefined || amounts === null) return null
  const isCustom = param.type === 'custom_line_item'
  if (invoice.automatic_tax.enabled || (isCustom && rates.length > 0) || amounts.length > 20) {
    throw invalidRequest(
      '`tax_amounts` takes up to 20 amounts, and is not valid with `tax_rates` or on an invoice with automatic tax.',
      { param: `${name}[tax_amounts]` },
    )
  }
  return amounts.map((one, index) => {
    const rate = ctx.store.get('tax_rates', one.tax_rate)
    if (rate === undefined) {
      throw invalidRequest(`No such tax rate: '${one.tax_rate}'`, {
        code: 'resource_missing',
        param: `${name}[tax_amounts][${index}][tax_rate]`,
      })
    }
    return {
      amount: one.amount,
      tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rate.id },
      taxability_reason: 'not_available',
      taxable_amount: one.taxable_amount,
      type: 'tax_rate_details',
    }
  })
}
