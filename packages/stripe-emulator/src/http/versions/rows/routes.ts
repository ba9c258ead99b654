import type { Node, ParamChange, RouteChange } from '../change.ts'
import { isNode, nodeOf } from '../change.ts'
import { BASIL } from '../version.ts'
import { asType } from './params.ts'

const UPCOMING = ['GET /v1/invoices/upcoming', 'GET /v1/invoices/upcoming/lines']
const USAGE = [
  'POST /v1/subscription_items/:id/usage_records',
  'GET /v1/subscription_items/:id/usage_record_summaries',
]

/** The routes that only older versions have. */
export const routeRows: readonly RouteChange[] = [
  ...UPCOMING.map((route) => ({
    since: BASIL,
    route,
    how: 'as `POST /v1/invoices/create_preview`; the invoice has no `id`',
  })),
  ...USAGE.map((route) => ({
    since: BASIL,
    route,
    how: 'not emulated: meters have replaced usage records',
  })),
]

const PREFIX = 'subscription_'
/** The parameters of the upcoming invoice that `create_preview` has under the same name. */
const SAME = new Set(['subscription_details'])

/** `subscription_items`, `subscription_trial_end` and so on: fields of `subscription_details`. */
export const upcomingRows: readonly ParamChange[] = UPCOMING.map((route) => ({
  since: BASIL,
  route,
  param: 'subscription_…',
  how: 'a field of `subscription_details`; `billing_cycle_anchor` is a word or a timestamp',
  read: (params) => {
    const isDetail = (name: string) => name.startsWith(PREFIX) && !SAME.has(name)
    const details = Object.entries(params)
      .filter(([name]) => isDetail(name))
      .map(([name, value]) => [name.slice(PREFIX.length), value] as const)
    const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !isDetail(name)))
    const given = params['subscription_details']
    if (details.length === 0 && !isNode(given)) return params
    const all: Node = { ...nodeOf(given), ...Object.fromEntries(details) }
    const { billing_cycle_anchor: anchor, ...others } = all
    const anchored = anchor === undefined ? {} : { billing_cycle_anchor: asType(anchor) }
    return { ...rest, subscription_details: { ...others, ...anchored } }
  },
}))
