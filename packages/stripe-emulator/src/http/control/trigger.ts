import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Store } from '../../core/store/store.ts'
import type { CollectionName, Event, StripeObject } from '../../documents.ts'
import { TRIGGERABLE, TYPES } from '../../resources/events/triggerable.ts'
import { required, text } from '../params/param.ts'
import { shape } from '../params/shape.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { controlRoute } from './route.ts'

/** Sends an event on request. */
export function triggerRoutes({ engine, store }: ControlParts): ControlRoute[] {
  return [
    controlRoute(
      'POST /_emulator/trigger',
      {
        summary: 'Sends an event with an object as it is, without changing it',
        takes: 'type: customer.subscription.updated …; object: its id (default: the newest)',
        params: shape({ type: required(text), object: text }),
      },
      ({ params }) =>
        engine.transact((ctx) => {
          const { type, object } = findObject(store, params.type, params.object)
          ctx.emit(type, object)
          return store.newest('events').first(1)[0] ?? {}
        }),
    ),
  ]
}

interface Found {
  type: Event['type']
  object: StripeObject
}

function findObject(store: Store, wanted: string, id: string | undefined): Found {
  for (const [collection, types] of Object.entries(TYPES)) {
    const type = types.find((candidate) => candidate === wanted)
    if (type === undefined) continue
    // The keys of TYPES are names of collections whose documents are objects of Stripe.
    const docs = store.newest(collection as CollectionName).map((doc) => doc as StripeObject)
    const object = id === undefined ? docs.first(1)[0] : docs.find((doc) => doc.id === id)
    if (object !== undefined) return { type, object }
    if (id !== undefined) throw noSuch(collection.slice(0, -1), id, 'object')
    throw invalidRequest(`There are no ${collection} yet, and ${wanted} needs one.`, {
      param: 'type',
    })
  }
  throw invalidRequest(`'type' must be one of ${TRIGGERABLE.join(', ')}; not '${wanted}'.`, {
    param: 'type',
  })
}
