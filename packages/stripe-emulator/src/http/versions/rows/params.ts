import type { Store } from '../../../core/store/store.ts'
import type { Node, ParamChange } from '../change.ts'
import { idOf, isNode, nodesIn } from '../change.ts'
import { BASIL, CLOVER, DAHLIA, ENDIVE } from '../version.ts'

const NEWER_UI_MODES: Readonly<Record<string, string>> = {
  hosted: 'hosted_page',
  embedded: 'embedded_page',
  custom: 'elements',
}

/** Moves a parameter to another name, in another form. */
const moved =
  (from: string, to: string, form: (value: unknown) => unknown = (value) => value) =>
  ({ [from]: value, ...rest }: Node): Node =>
    value === undefined ? rest : { ...rest, [to]: form(value) }

/** An anchor: a word, or the digits of a timestamp. */
export const asType = (anchor: unknown) => {
  if (typeof anchor !== 'string') return anchor
  return /^\d+$/.test(anchor) ? { type: 'timestamp', timestamp: anchor } : { type: anchor }
}

const ANCHORED = ['POST /v1/subscriptions/:id', 'POST /v1/subscriptions/:id/resume']
const SUBSCRIBING = ['POST /v1/subscriptions', 'POST /v1/subscriptions/:id']
const PAYING = ['POST /v1/payment_intents', 'POST /v1/setup_intents']

/** `plan`, `price` and `quantity` beside `items`: those of the only item. */
function itemOf(params: Node, { store, id }: { store: Store; id: string }): Node {
  const { plan, price, quantity, ...rest } = params
  if ([plan, price, quantity].every((one) => one === undefined)) return params
  const [item] = store.get('subscriptions', id)?.items.data ?? []
  const given = Object.entries({ id: item?.id, plan, price, quantity })
  return { ...rest, items: [Object.fromEntries(given.filter(([, value]) => value !== undefined))] }
}

/**
 * The classic billing mode, which older versions have: another interval restarts the billing cycle (recorded, 6), but
 * for a trial, and where the request asks for another anchor.
 */
function restartedCycle(params: Node, { store, id }: { store: Store; id: string }): Node {
  const subscription = store.get('subscriptions', id)
  if (subscription?.status === 'trialing' || params['billing_cycle_anchor'] !== undefined) {
    return params
  }
  const isOther = nodesIn(params['items']).some((item) => {
    const before = subscription?.items.data.find((one) => one.id === item['id'])?.price.recurring
    const after = store.get('prices', idOf(item['price'] ?? item['plan']))?.recurring
    if (!before || !after) return false
    return before.interval !== after.interval || before.interval_count !== after.interval_count
  })
  return isOther ? { ...params, billing_cycle_anchor: { type: 'now' } } : params
}

/** The parameters in older versions. */
export const paramRows: readonly ParamChange[] = [
  ...ANCHORED.map(
    (route): ParamChange => ({
      since: ENDIVE,
      route,
      param: 'billing_cycle_anchor',
      how: 'a word, not an object with `type`',
      read: moved('billing_cycle_anchor', 'billing_cycle_anchor', asType),
    }),
  ),
  {
    since: ENDIVE,
    route: 'POST /v1/invoices/create_preview',
    param: 'subscription_details.billing_cycle_anchor',
    how: 'a word or a timestamp, not an object with `type`',
    read: (params) => {
      const details = params['subscription_details']
      if (!isNode(details)) return params
      const read = moved('billing_cycle_anchor', 'billing_cycle_anchor', asType)
      return { ...params, subscription_details: read(details) }
    },
  },
  {
    since: DAHLIA,
    route: 'POST /v1/checkout/sessions',
    param: 'ui_mode',
    how: '`hosted`, `embedded`, `custom` for `hosted_page`, `embedded_page`, `elements`',
    read: moved('ui_mode', 'ui_mode', (mode) => NEWER_UI_MODES[String(mode)] ?? mode),
  },
  ...SUBSCRIBING.map(
    (route): ParamChange => ({
      since: CLOVER,
      route,
      param: 'plan, quantity',
      how: 'accepted beside `items`, for the only item',
      read: itemOf,
    }),
  ),
  {
    since: CLOVER,
    route: 'POST /v1/subscriptions/:id',
    param: 'billing_cycle_anchor',
    how: 'by default `now` where an item gets another interval (the classic billing mode)',
    read: restartedCycle,
  },
  {
    since: BASIL,
    route: 'POST /v1/invoiceitems',
    param: 'unit_amount',
    how: 'the name of `unit_amount_decimal` for whole amounts',
    read: moved('unit_amount', 'unit_amount_decimal'),
  },
  {
    since: '2022-08-01',
    route: 'POST /v1/invoices',
    param: 'pending_invoice_items_behavior',
    how: 'by default `include`',
    read: (params) => ({ pending_invoice_items_behavior: 'include', ...params }),
  },
  {
    since: '2024-04-10',
    route: 'POST /v1/payment_intents',
    param: 'capture_method',
    how: 'by default `automatic`, not `automatic_async`',
    read: (params) => ({ capture_method: 'automatic', ...params }),
  },
  ...PAYING.map(
    (route): ParamChange => ({
      since: '2023-08-16',
      route,
      param: 'automatic_payment_methods',
      how: 'off by default: cards only',
      read: (params) => {
        const names = ['automatic_payment_methods', 'payment_method_types']
        const isGiven = names.some((name) => params[name] !== undefined)
        return isGiven ? params : { ...params, payment_method_types: ['card'] }
      },
    }),
  ),
  ...['POST /v1/products', 'POST /v1/products/:id'].map(
    (route): ParamChange => ({
      since: '2024-04-10',
      route,
      param: 'features',
      how: 'the name of `marketing_features`',
      read: moved('features', 'marketing_features'),
    }),
  ),
]
