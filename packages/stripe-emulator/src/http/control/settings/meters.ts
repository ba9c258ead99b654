import type { Store } from '../../../core/store/store.ts'
import { releaseEvents } from '../../../resources/meters/events/process.ts'
import { unbilledUsage } from '../../../resources/meters/unbilled.ts'
import { integer, oneOf } from '../../params/param.ts'
import { shape } from '../../params/shape.ts'
import type { ControlParts, ControlRoute } from '../route.ts'
import { controlRoute } from '../route.ts'

const DAY = 86_400

const setParams = shape({
  processing: oneOf('at_once', 'held', 'released'),
  delaySeconds: integer({ min: 0, max: 7 * DAY }),
})

/** Shows how reported usage is processed; holds it back, delays it, releases it. */
export function meterRoutes(parts: ControlParts): ControlRoute[] {
  const { engine } = parts
  return [
    controlRoute(
      'GET /_emulator/meters',
      {
        summary: 'How reported usage is processed, what waits, and usage that is on no invoice',
        params: shape({}),
      },
      () => summary(parts),
    ),
    controlRoute(
      'POST /_emulator/meters',
      {
        summary: 'Holds reported usage back, delays it, or releases what waits',
        takes:
          'processing: held (what comes from now on), released (what waits, now; later usage at once), at_once; delaySeconds: of the emulator’s clock',
        params: setParams,
      },
      ({ params: { processing, delaySeconds } }) => {
        if (processing !== undefined) parts.settings.meterEvents.hold = processing === 'held'
        if (delaySeconds !== undefined) parts.settings.meterEvents.delaySeconds = delaySeconds
        else if (processing === 'released') parts.settings.meterEvents.delaySeconds = 0
        if (processing === 'released') engine.transact((ctx) => releaseEvents(ctx))
        return summary(parts)
      },
    ),
  ]
}

function summary({ engine, store, settings }: ControlParts): object {
  const { hold, delaySeconds } = settings.meterEvents
  return {
    processing: hold ? 'held' : 'at_once',
    delaySeconds,
    waiting: waiting(store),
    unbilled: engine.transact((ctx) => unbilledUsage(ctx)),
  }
}

/** How many events and cancellations wait to be processed. */
export function waiting(store: Store): number {
  return store.countBy('meter_events', 'waiting')['yes'] ?? 0
}
