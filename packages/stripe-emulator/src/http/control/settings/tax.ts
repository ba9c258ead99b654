import { invalidRequest } from '../../../core/errors.ts'
import type { Param } from '../../params/param.ts'
import { shape } from '../../params/shape.ts'
import type { ControlParts, ControlRoute } from '../route.ts'
import { controlRoute } from '../route.ts'

/** A rate out of 100. */
const rate: Param<number> = {
  read(value, name) {
    const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
    if (number >= 0 && number <= 100) return number
    throw invalidRequest(`${name} must be a number from 0 to 100.`, { param: name })
  },
}

const byCountry: Param<Record<string, number>> = {
  read(value, name) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidRequest(`${name} must be an object such as { "DE": 19 }.`, { param: name })
    }
    return Object.fromEntries(
      Object.entries(value).map(([country, given]) => {
        if (!/^[A-Z]{2}$/.test(country)) {
          throw invalidRequest(`${country} is not a country of two capital letters.`, {
            param: name,
          })
        }
        return [country, rate.read(given, `${name}[${country}]`)]
      }),
    )
  },
}

/** Shows and sets the rates of automatic tax. */
export function taxRoutes({ settings: { tax } }: ControlParts): ControlRoute[] {
  return [
    controlRoute(
      'GET /_emulator/tax',
      { summary: 'The rates of automatic tax, out of 100', params: shape({}) },
      () => ({ ...tax }),
    ),
    controlRoute(
      'POST /_emulator/tax',
      {
        summary: 'Sets the rates of automatic tax, for what is computed from now on',
        takes: 'percentage: 0 to 100; byCountry: { "DE": 19 }, which replaces all rates by country',
        params: shape({ percentage: rate, byCountry }),
      },
      ({ params }) => ({ ...Object.assign(tax, params) }),
    ),
  ]
}
