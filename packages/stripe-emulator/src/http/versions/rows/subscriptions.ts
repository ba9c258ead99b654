import type { FieldChange } from '../change.ts'
import { nodesIn } from '../change.ts'
import { BASIL } from '../version.ts'

const onItems = (field: string): FieldChange => ({
  since: BASIL,
  object: 'subscription',
  field,
  how: 'on the subscription: the earliest of its items',
  older: (node) => Math.min(...nodesIn(node['items']).map((item) => Number(item[field]))),
})

/** How subscriptions, prices and products are shown in older versions. */
export const subscriptionRows: readonly FieldChange[] = [
  onItems('current_period_start'),
  onItems('current_period_end'),
  ...['plan', 'price.recurring'].map(
    (object): FieldChange => ({
      since: BASIL,
      object,
      field: 'aggregate_usage',
      how: 'always null: usage records are not emulated',
      older: () => null,
    }),
  ),
  {
    since: '2024-04-10',
    object: 'product',
    field: 'features',
    how: 'the name of `marketing_features`',
    older: (node) => node['marketing_features'] ?? [],
  },
]
