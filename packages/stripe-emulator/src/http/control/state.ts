import { API_VERSION } from '../../core/account.ts'
import { shape } from '../params/shape.ts'
import { clockState } from './clock.ts'
import { waiting } from './meters.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { controlRoute } from './route.ts'

/** Shows and resets the state. */
export function stateRoutes(parts: ControlParts): ControlRoute[] {
  return [
    controlRoute(
      'GET /_emulator/state',
      { summary: 'Counts of objects by kind and by status', params: shape({}) },
      () => summary(parts),
    ),
    controlRoute(
      'POST /_emulator/reset',
      {
        summary:
          'Deletes every object, event and idempotency key, and resets the clock; keeps faults',
        params: shape({}),
      },
      () => {
        parts.reset()
        return summary(parts)
      },
    ),
  ]
}

function summary(parts: ControlParts): object {
  const { store, faults, rateLimit } = parts
  return {
    apiVersion: API_VERSION,
    clock: clockState(parts),
    objects: countBy(store.everything(), ([collection]) => collection),
    subscriptions: countBy(store.newest('subscriptions'), ({ status }) => status),
    invoices: countBy(store.newest('invoices'), ({ status }) => status ?? 'none'),
    deliveries: countBy(store.newest('deliveries'), ({ status }) => status),
    meterEvents: {
      ...countBy(store.newest('meter_events'), ({ state }) => state),
      waiting: waiting(store),
    },
    faults: faults.list(),
    rateLimit: rateLimit.perSecond,
    dataFileBytes: parts.fileBytes(),
  }
}

function countBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}
