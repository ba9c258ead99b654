import { boolean, integer, oneOf } from '../../params/param.ts'
import { listOf, shape } from '../../params/shape.ts'
import type { ControlParts, ControlRoute } from '../route.ts'
import { controlRoute } from '../route.ts'

/** Shows and sets what follows a failed renewal. */
export function dunningRoutes({ settings: { dunning } }: ControlParts): ControlRoute[] {
  return [
    controlRoute(
      'GET /_emulator/dunning',
      { summary: 'What follows a failed renewal', params: shape({}) },
      () => ({ ...dunning }),
    ),
    controlRoute(
      'POST /_emulator/dunning',
      {
        summary: 'Sets what follows a failed renewal, for the retries from now on',
        takes:
          'finally: cancel, unpaid, past_due or pause; retryAfterDays: [3, 5, 7]; pauseOnFirstFailure: true or false',
        params: shape({
          finally: oneOf('cancel', 'unpaid', 'past_due', 'pause'),
          retryAfterDays: listOf(integer({ min: 1, max: 60 })),
          pauseOnFirstFailure: boolean,
        }),
      },
      ({ params }) => ({ ...Object.assign(dunning, params) }),
    ),
  ]
}
