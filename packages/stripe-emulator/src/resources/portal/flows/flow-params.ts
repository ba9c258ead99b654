import { limitedList, pageUrl } from '../../../http/params/limits.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  integer,
  oneOf,
  oneOfWorking,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'

const ofSubscription = shape({ subscription: required(text) })

/** What the customer is to do in the portal, and what follows. */
export const flowData = shape({
  after_completion: shape({
    hosted_confirmation: shape({ custom_message: textUpTo(500) }),
    redirect: shape({ return_url: required(pageUrl) }),
    type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
  }),
  subscription_cancel: shape({ retention: unsupported, subscription: required(text) }),
  subscription_pause: unsupported,
  subscription_update: ofSubscription,
  subscription_update_confirm: shape({
    discounts: unsupported,
    items: required(
      limitedList(1, shape({ id: required(text), price: text, quantity: integer({ min: 1 }) })),
    ),
    subscription: required(text),
  }),
  type: required(
    oneOfWorking({
      working: [
        'customer_update',
        'payment_method_update',
        'subscription_cancel',
        'subscription_update',
        'subscription_update_confirm',
      ],
      gaps: ['subscription_pause'],
    }),
  ),
})

export type FlowParams = ValueOf<typeof flowData>
