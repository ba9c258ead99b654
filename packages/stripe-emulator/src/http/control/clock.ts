import { invalidRequest } from '../../core/errors.ts'
import { shape } from '../params/shape.ts'
import { after, duration, instant } from './duration.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { controlRoute } from './route.ts'

const advanceParams = shape({ to: instant, by: duration })

/** The emulator's time, and how far it is ahead of its base clock. */
export function clockState({ engine }: ControlParts): object {
  return { now: engine.clock.now().toISOString(), aheadMs: engine.clock.offsetMs }
}

/** Reading and advancing the time. */
export function clockRoutes(parts: ControlParts): ControlRoute[] {
  const { engine } = parts
  return [
    controlRoute(
      'GET /_emulator/clock',
      { summary: "The emulator's time", params: shape({}) },
      () => clockState(parts),
    ),
    controlRoute(
      'POST /_emulator/clock/advance',
      {
        summary: 'Advances the clock; renewals, retries and expiries happen on the way',
        takes: 'to: an instant, or by: 1 day, 2 weeks, 1 month …',
        params: advanceParams,
      },
      ({ params: { to, by } }) => {
        if ((to === undefined) === (by === undefined)) {
          throw invalidRequest("Give either 'to' or 'by'.", { param: 'to' })
        }
        const now = engine.clock.now()
        const target = to ?? (by === undefined ? now : after(now, by))
        if (target < now) {
          throw invalidRequest(
            `'to' must not be before ${now.toISOString()}: the clock only moves forward.`,
            { param: 'to' },
          )
        }
        engine.advanceTo(target)
        return clockState(parts)
      },
    ),
  ]
}
