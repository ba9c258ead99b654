import type { Store } from '../../../core/store/store.ts'
import type { CollectionName } from '../../../documents.ts'
import type { FieldChange, Node, ParamChange } from '../change.ts'
import { idOf, isNode, nodeOf, nodesIn } from '../change.ts'
import { BASIL, CLOVER } from '../version.ts'

/** The document of a reference, also where it is expanded; null: none. */
function documentOf(
  store: Store,
  collections: readonly CollectionName[],
  reference: unknown,
): unknown {
  if (isNode(reference)) return reference
  if (typeof reference !== 'string') return null
  const found = collections.map((name) => store.get(name, reference))
  return found.find((document) => document !== undefined) ?? null
}

const couponOf = (store: Store, reference: unknown) =>
  documentOf(store, ['coupons', 'deleted_coupons'], reference)

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined)

/** How discounts are shown in older versions. */
export const discountRows: readonly FieldChange[] = [
  ...['subscription', 'invoice'].map(
    (object): FieldChange => ({
      since: BASIL,
      object,
      field: 'discount',
      how: 'the object of the first of `discounts`; null: none',
      older: (node, store) => documentOf(store, ['discounts'], first(node['discounts'])),
    }),
  ),
  {
    since: BASIL,
    object: 'subscription_schedule',
    field: 'phases',
    how: 'each with `coupon`: that of its first discount',
    older: (node) =>
      nodesIn(node['phases']).map((phase) => ({
        ...phase,
        coupon: nodeOf(first(phase['discounts']))['coupon'] ?? null,
      })),
  },
  {
    since: CLOVER,
    object: 'discount',
    field: 'coupon',
    how: 'the object of `source.coupon`',
    older: (node, store) => couponOf(store, nodeOf(node['source'])['coupon']),
  },
  {
    since: CLOVER,
    object: 'promotion_code',
    field: 'coupon',
    how: 'the object of `promotion.coupon`',
    older: (node, store) => couponOf(store, nodeOf(node['promotion'])['coupon']),
  },
]

/** `coupon` and `promotion_code` as `discounts`; an empty text removes them all. */
function asDiscounts({ coupon, promotion_code: code, ...rest }: Node): Node {
  if (coupon === undefined && code === undefined) return rest
  if (idOf(coupon) === '' && idOf(code) === '') return { ...rest, discounts: '' }
  const discounts = [{ coupon }, { promotion_code: code }].filter(
    (one) => idOf(Object.values(one)[0]) !== '',
  )
  return { ...rest, discounts }
}

const DISCOUNTED = [
  'POST /v1/subscriptions',
  'POST /v1/subscriptions/:id',
  'POST /v1/invoices/create_preview',
  'GET /v1/invoices/upcoming',
  'GET /v1/invoices/upcoming/lines',
]
const SCHEDULED = ['POST /v1/subscription_schedules', 'POST /v1/subscription_schedules/:id']

/** The parameters about discounts in older versions. */
export const discountParamRows: readonly ParamChange[] = [
  ...DISCOUNTED.map(
    (route): ParamChange => ({
      since: BASIL,
      route,
      param: 'coupon, promotion_code',
      how: 'one of `discounts`; an empty `coupon` removes it',
      read: asDiscounts,
    }),
  ),
  ...SCHEDULED.map(
    (route): ParamChange => ({
      since: BASIL,
      route,
      param: 'phases.coupon',
      how: 'one of the `discounts` of the phase',
      read: ({ phases, ...rest }) =>
        Array.isArray(phases)
          ? { ...rest, phases: phases.map((phase) => (isNode(phase) ? asDiscounts(phase) : phase)) }
          : { ...rest, ...(phases !== undefined && { phases }) },
    }),
  ),
  {
    since: CLOVER,
    route: 'POST /v1/promotion_codes',
    param: 'coupon',
    how: '`promotion.coupon`',
    read: ({ coupon, ...rest }) =>
      coupon === undefined ? rest : { ...rest, promotion: { type: 'coupon', coupon } },
  },
]
