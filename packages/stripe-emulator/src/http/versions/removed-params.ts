import { unknownParams } from '../params/shape.ts'
import { BASIL, isBefore } from './version.ts'

/** Parameters that Stripe removed, which work in the API versions before a day only. */
const removed = [
  {
    until: BASIL,
    route: /^POST \/v1\/customers(\/[^/]+)?$/,
    names: ['coupon', 'promotion_code'],
  },
]

/** Throws 400 for a parameter that the version of a request has no more. */
export function refuseRemoved(
  request: { method: string; path: string; params: Record<string, unknown> },
  version: string,
): void {
  const route = `${request.method} ${request.path}`
  const unknown = removed
    .filter((one) => !isBefore(version, one.until) && one.route.test(route))
    .flatMap(({ names }) => names.filter((name) => request.params[name] !== undefined))
  unknownParams(unknown)
}
