import type { Subscription } from '../../../documents.ts'
import type { Searchable } from '../../../http/params/search-params.ts'

/** The fields of a subscription that a search can ask for (docs.stripe.com/search). */
export const searchableSubscriptions: Searchable<Subscription> = {
  resource: 'subscriptions',
  fields: {
    canceled_at: { type: 'numeric', of: (subscription) => subscription.canceled_at },
    created: { type: 'numeric', of: (subscription) => subscription.created },
    status: { type: 'token', of: (subscription) => subscription.status },
  },
}
