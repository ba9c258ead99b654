import { API_VERSION } from '../../core/account.ts'
import { shape } from '../params/shape.ts'
import { clockState } from './clock.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { controlRoute } from './route.ts'
import { waiting } from './settings/meters.ts'

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
    objects: Object.fromEntries(
      store.collections
        .map((name) => [name, store.count(name)] as const)
        .filter(([, count]) => count > 0),
    ),
    subscriptions: store.countBy('subscriptions', 'status'),
    invoices: store.countBy('invoices', 'status'),
    deliveries: store.countBy('deliveries', 'status'),
    meterEvents: { ...store.countBy('meter_events', 'state'), waiting: waiting(store) },
    faults: faults.list(),
    rateLimit: rateLimit.perSecond,
    dataFileBytes: parts.fileBytes(),
  }
}
