import type { Context } from '../../../core/context.ts'
import { noSuch } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { text, unsupported } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { asOfNow } from './balance-transaction.ts'

const listParams = shape({
  ...listFields,
  currency: text,
  payout: unsupported,
  source: text,
  type: text,
})

export const balanceEndpoints = [
  endpoint('GET /v1/balance', shape({}), (ctx) => balance(ctx)),
  endpoint('GET /v1/balance_transactions', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/balance_transactions/:id', shape({}), (ctx, { id }) => {
    const movement = ctx.store.get('balance_transactions', id)
    if (movement === undefined) throw noSuch('balance transaction', id)
    return asOfNow(ctx, movement)
  }),
]

/** The balance, by currency: what is available, and what becomes so later. There are no payouts. */
function balance(ctx: Context): object {
  const movements = [...ctx.store.newest('balance_transactions')].map((one) => asOfNow(ctx, one))
  const sums = (status: string) => {
    const byCurrency = new Map<string, number>()
    for (const { currency, net } of movements.filter((one) => one.status === status)) {
      byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + net)
    }
    return [...byCurrency].map(([currency, amount]) => ({
      amount,
      currency,
      source_types: { card: amount },
    }))
  }
  const available = sums('available')
  return { object: 'balance', available, livemode: false, pending: sums('pending') }
}

/** The movements, newest first. The id of a dispute as `source` finds none, as on Stripe. */
function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const { currency, source, type } = params
  const found = ctx.store
    .newest('balance_transactions')
    .filter(
      (one) =>
        (currency === undefined || one.currency === currency) &&
        (source === undefined || (one.source === source && !source.startsWith('du_'))) &&
        (type === undefined || one.type === type) &&
        inRange(one.created, params.created),
    )
    .map((one) => asOfNow(ctx, one))
  return listPage(found, params, '/v1/balance_transactions')
}
