import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { PortalConfiguration, PortalSession, Subscription } from '../../../documents.ts'
import { isEnded } from '../../subscriptions/subscription.ts'
import type { FlowParams } from './flow-params.ts'

type Flow = NonNullable<PortalSession['flow']>

/** What a flow is checked against. */
interface Of {
  customer: string
  configuration: PortalConfiguration
}

const NO_FLOW = {
  customer_update: null,
  subscription_cancel: null,
  subscription_pause: null,
  subscription_update: null,
  subscription_update_confirm: null,
} satisfies Partial<Flow>

const OF_SUBSCRIPTIONS = [
  'subscription_cancel',
  'subscription_update',
  'subscription_update_confirm',
] as const

/** The flow of a new session. Throws 400 for one that the customer could not go through. */
export function flowOf(ctx: Context, params: FlowParams, of: Of): Flow {
  for (const name of OF_SUBSCRIPTIONS) {
    if (params[name] === undefined || params.type === name) continue
    throw invalidRequest(`You can only pass \`${name}\` when \`type\` is \`${name}\`.`, {
      param: `flow_data[${name}]`,
    })
  }
  return {
    ...NO_FLOW,
    ...stepOf(ctx, params, of),
    after_completion: afterCompletion(params),
    type: params.type,
  }
}

function stepOf(ctx: Context, params: FlowParams, of: Of): Partial<Flow> {
  const { features } = of.configuration
  switch (params.type) {
    case 'payment_method_update':
      if (!features.payment_method_update.enabled) {
        throw invalidRequest(
          'The payment method cannot be updated because the payment method update feature in the portal configuration is disabled.',
        )
      }
      return {}
    case 'customer_update':
      if (!features.customer_update.enabled) {
        throw invalidRequest(
          'The customer cannot be updated because the customer update feature in the portal configuration is disabled.',
        )
      }
      return { customer_update: {} }
    case 'subscription_cancel': {
      const given = params.subscription_cancel ?? missing('flow_data[subscription_cancel]')
      const subscription = ownSubscription(ctx, given.subscription, {
        ...of,
        step: 'subscription_cancel',
      })
      checkCancel(of, subscription)
      return { subscription_cancel: { retention: null, subscription: subscription.id } }
    }
    case 'subscription_update': {
      const given = params.subscription_update ?? missing('flow_data[subscription_update]')
      const subscription = ownSubscription(ctx, given.subscription, {
        ...of,
        step: 'subscription_update',
      })
      checkUpdate(of, subscription)
      return { subscription_update: { subscription: subscription.id } }
    }
    case 'subscription_update_confirm':
      return { subscription_update_confirm: confirmation(ctx, params, of) }
  }
}

function missing(param: string): never {
  throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

function ownSubscription(ctx: Context, id: string, of: Of & { step: string }): Subscription {
  const param = `flow_data[${of.step}][subscription]`
  const found = ctx.store.get('subscriptions', id)
  if (found === undefined) throw noSuch('subscription', id, param)
  if (found.customer !== of.customer) {
    throw invalidRequest(
      `The subscription \`${id}\` does not belong to the customer \`${of.customer}\`.`,
      { param },
    )
  }
  if (!isEnded(found)) return found
  throw invalidRequest(
    `The subscription \`${id}\` cannot be changed because it is \`${found.status}\`.`,
    { param },
  )
}

function checkCancel({ configuration }: Of, { id, cancel_at: end }: Subscription): void {
  if (!configuration.features.subscription_cancel.enabled) {
    throw invalidRequest(
      'This subscription cannot be canceled because the subscription cancel feature in the portal configuration is disabled.',
    )
  }
  if (end !== null) {
    throw invalidRequest(`The subscription ${id} is already set to be canceled at period end.`)
  }
}

function checkUpdate({ configuration }: Of, { items }: Subscription): void {
  if (!configuration.features.subscription_update.enabled) {
    throw invalidRequest(
      'This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.',
    )
  }
  if (items.data.length > 1) {
    throw invalidRequest('This subscription cannot be updated because it has multiple items.')
  }
}

function confirmation(
  ctx: Context,
  params: FlowParams,
  of: Of,
): NonNullable<Flow['subscription_update_confirm']> {
  const step = 'subscription_update_confirm'
  const name = `flow_data[${step}]`
  const given = params[step] ?? missing(name)
  const subscription = ownSubscription(ctx, given.subscription, { ...of, step })
  checkUpdate(of, subscription)
  const [wanted = missing(`${name}[items]`)] = given.items
  const item = subscription.items.data.find(({ id }) => id === wanted.id)
  if (item === undefined) throw noSuch('subscription item', wanted.id, `${name}[items][0][id]`)
  const { price = item.price.id, quantity = item.quantity } = wanted
  if (price === item.price.id && quantity === item.quantity) {
    throw invalidRequest('Cannot update the subscription because there are no changes to confirm.')
  }
  const { id, features } = of.configuration
  const listed = (features.subscription_update.products ?? []).flatMap(({ prices }) => prices)
  if (price !== item.price.id && !listed.includes(price)) {
    throw invalidRequest(
      `The item \`${item.id}\` cannot be updated to price \`${price}\` because the configuration \`${id}\` does not include the price in its \`features[subscription_update][products]\`.`,
    )
  }
  return {
    discounts: null,
    items: [{ id: item.id, price, ...(quantity !== undefined && { quantity }) }],
    subscription: subscription.id,
  }
}

function afterCompletion({ after_completion: given }: FlowParams): Flow['after_completion'] {
  const { type = 'portal_homepage', redirect, hosted_confirmation: confirmed } = given ?? {}
  if (type === 'redirect' && redirect === undefined) {
    missing('flow_data[after_completion][redirect]')
  }
  return {
    hosted_confirmation:
      type === 'hosted_confirmation' ? { custom_message: confirmed?.custom_message ?? null } : null,
    redirect: type === 'redirect' ? (redirect ?? null) : null,
    type,
  }
}
