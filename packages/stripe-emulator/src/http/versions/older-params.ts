import { refuseRemoved } from './removed-params.ts'
import { dayOf } from './version.ts'

type Params = Record<string, unknown>

/** How a parameter was named or written in API versions before a day. */
interface OlderParam {
  before: string
  route: RegExp
  read: (params: Params) => Params
}

const UI_MODES: Readonly<Record<string, string>> = {
  hosted: 'hosted_page',
  embedded: 'embedded_page',
}

/** A coupon or promotion code was named directly, and an object had one discount. */
function discountsOf({ coupon, promotion_code: code, ...rest }: Params): Params {
  if (coupon === undefined && code === undefined) return rest
  const isEmpty = (coupon ?? '') === '' && (code ?? '') === ''
  const entry = coupon ? { coupon } : { promotion_code: code }
  return { ...rest, discounts: isEmpty ? '' : [entry] }
}

function eachOf(list: unknown, change: (one: Params) => Params): unknown {
  if (typeof list !== 'object' || list === null) return list
  return Object.values(list).map((one) => change(Object(one)))
}

const olderParams: readonly OlderParam[] = [
  {
    before: '2025-03-31',
    route: /^POST \/v1\/(subscriptions(\/[^/]+)?|invoices\/create_preview)$/,
    read: discountsOf,
  },
  {
    before: '2025-03-31',
    route: /^POST \/v1\/subscription_schedules(\/[^/]+)?$/,
    read: (params) =>
      params['phases'] === undefined
        ? params
        : { ...params, phases: eachOf(params['phases'], discountsOf) },
  },
  {
    before: '2025-09-30',
    route: /^POST \/v1\/promotion_codes$/,
    read: ({ coupon, ...rest }) =>
      coupon === undefined ? rest : { ...rest, promotion: { type: 'coupon', coupon } },
  },
  {
    before: '2026-09-30',
    route: /^POST \/v1\/subscriptions\/[^/]+(\/resume)?$/,
    read: ({ billing_cycle_anchor: anchor, ...rest }) => ({
      ...rest,
      ...(anchor !== undefined && {
        billing_cycle_anchor: typeof anchor === 'string' ? { type: anchor } : anchor,
      }),
    }),
  },
  {
    before: '2026-03-25',
    route: /^POST \/v1\/checkout\/sessions$/,
    read: (params) => {
      const mode = UI_MODES[String(params['ui_mode'])]
      return mode === undefined ? params : { ...params, ui_mode: mode }
    },
  },
]

/** Converts the parameters of a request from its version to the pinned one. */
export function fromVersion(
  request: { method: string; path: string; params: Params },
  version: string,
): Params {
  refuseRemoved(request, version)
  const route = `${request.method} ${request.path}`
  return olderParams
    .filter((older) => dayOf(version) < older.before && older.route.test(route))
    .reduce((params, { read }) => read(params), request.params)
}
