import { noSuch } from '../../core/errors.ts'
import { readFaultRule } from '../../core/faults/read-rule.ts'
import { anything, either, integer, oneOf, required } from '../params/param.ts'
import { shape } from '../params/shape.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { controlRoute } from './route.ts'

const TAKES =
  'request or webhook: where; kind: answer (error, remembered), cut (when), delay (delayMs) – drop, duplicate, reorder, delay (delayMs); times; probability, seed; id'

/** Adds, lists and removes faults, and sets the rate limit. */
export function faultRoutes({ faults, rateLimit }: ControlParts): ControlRoute[] {
  const limit = () => ({ perSecond: rateLimit.perSecond })
  return [
    controlRoute(
      'GET /_emulator/faults',
      { summary: 'The active faults, each with its counts', params: shape({}) },
      () => ({ data: faults.list() }),
    ),
    {
      method: 'POST',
      path: '/_emulator/faults',
      summary: 'Adds a fault',
      takes: TAKES,
      run: ({ body }) => faults.add(readFaultRule(body)),
    },
    controlRoute(
      'DELETE /_emulator/faults',
      { summary: 'Removes all faults', params: anything },
      () => {
        faults.clear()
        return { data: faults.list() }
      },
    ),
    controlRoute(
      'DELETE /_emulator/faults/:id',
      { summary: 'Removes a fault', params: anything },
      ({ id }) => {
        if (!faults.remove(id)) throw noSuch('fault', id)
        return { data: faults.list() }
      },
    ),
    controlRoute(
      'POST /_emulator/rate-limit',
      {
        summary: 'Sets the rate limit of the API',
        takes: 'perSecond: a whole number (Stripe: 25 in test mode), or none',
        params: shape({
          perSecond: required(either(oneOf('none'), integer({ min: 1, max: 1_000_000 }))),
        }),
      },
      ({ params: { perSecond } }) => {
        rateLimit.perSecond = perSecond === 'none' ? null : perSecond
        return limit()
      },
    ),
  ]
}
