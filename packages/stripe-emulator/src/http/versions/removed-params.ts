import { unknownParams } from '../params/shape.ts'
import { isNode } from './change.ts'
import { BASIL, CLOVER, ENDIVE, isBefore } from './version.ts'

interface Removed {
  /** The version that has the parameter no more. */
  until: string
  route: RegExp
  /** `phases[][iterations]`: that of each entry. */
  names: readonly string[]
  /** Stripe's command line, whose requests name no version, sends it all the same. */
  sentByScripts?: true
}

/** Parameters that Stripe removed, which work in the API versions before a day only (changelog of the `stripe` package). */
export const removedParams: readonly Removed[] = [
  {
    // A preview never had them; it reads phases as a schedule does.
    until: '2011-01-01',
    route: /^POST \/v1\/invoices\/create_preview$/,
    names: ['custom_fields', 'description', 'footer'].map(
      (name) => `schedule_details[phases][][invoice_settings][${name}]`,
    ),
  },
  {
    until: BASIL,
    route: /^POST \/v1\/customers(\/[^/]+)?$/,
    names: ['coupon', 'promotion_code'],
  },
  { until: BASIL, route: /^POST \/v1\/invoiceitems$/, names: ['price'], sentByScripts: true },
  {
    until: CLOVER,
    route: /^POST \/v1\/subscription_schedules(\/[^/]+)?$/,
    names: ['phases[][iterations]'],
    sentByScripts: true,
  },
  {
    until: CLOVER,
    route: /^POST \/v1\/invoices\/create_preview$/,
    names: ['schedule_details[phases][][iterations]'],
  },
  {
    until: ENDIVE,
    route:
      /^POST \/v1\/(checkout\/sessions|(payment|setup)_intents(\/[^/]+)?|payment_intents\/[^/]+\/confirm)$/,
    names: ['payment_method_types'],
    sentByScripts: true,
  },
]

/**
 * Throws 400 for a parameter that the version of a request has no more. `named`: whether the request names its version.
 */
export function refuseRemoved(
  request: { method: string; path: string; params: Record<string, unknown> },
  { version, named }: { version: string; named: boolean },
): void {
  const route = `${request.method} ${request.path}`
  const unknown = removedParams
    .filter((one) => !isBefore(version, one.until) && one.route.test(route))
    .filter((one) => named || one.sentByScripts !== true)
    .flatMap(({ names }) => names.flatMap((name) => given(request.params, partsOf(name), '')))
  unknownParams(unknown)
}

/** The parts of a name; an empty one stands for each entry of a list. */
function partsOf(name: string): string[] {
  return name.replaceAll(']', '').split('[')
}

/** The full names under which a parameter is given. */
function given(value: unknown, [first, ...rest]: readonly string[], name: string): string[] {
  if (first === undefined) return value === undefined ? [] : [name]
  if (!Array.isArray(value) && !isNode(value)) return []
  return Object.entries(value)
    .filter(([key]) => first === '' || key === first)
    .flatMap(([key, inner]) => given(inner, rest, name === '' ? key : `${name}[${key}]`))
}
