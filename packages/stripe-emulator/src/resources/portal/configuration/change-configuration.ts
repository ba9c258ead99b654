import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import { token } from '../../../core/ids.ts'
import type { PortalConfiguration } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import type { ConfigurationChange, FeaturesChange } from './configuration-params.ts'

type Features = PortalConfiguration['features']
type Products = NonNullable<Features['subscription_update']['products']>

/** The configuration after a change. Throws 400 for features that Stripe refuses together. */
export function changedConfiguration(
  ctx: Context,
  before: PortalConfiguration,
  change: ConfigurationChange,
): PortalConfiguration {
  const { features, business_profile: profile, metadata, login_page: login, ...plain } = change
  if (plain.active === false && before.is_default) {
    throw invalidRequest('You cannot deactivate the default configuration.', { param: 'active' })
  }
  const after = {
    ...before,
    ...plain,
    business_profile: { ...before.business_profile, ...profile },
    features: features === undefined ? before.features : changedFeatures(before.features, features),
    login_page: login === undefined ? before.login_page : loginPage(ctx, login.enabled),
    metadata: changeMetadata(before.metadata ?? {}, metadata),
    updated: ctx.now,
  }
  if (features !== undefined) checkFeatures(ctx, after.features, features)
  return after
}

function loginPage(ctx: Context, enabled: boolean): PortalConfiguration['login_page'] {
  return {
    enabled,
    url: enabled ? `${ctx.settings.baseUrl}/p/login/test_${token(20)}` : null,
  }
}

function changedFeatures(before: Features, change: FeaturesChange): Features {
  const { customer_update: customer, subscription_cancel: cancel } = change
  const { cancellation_reason: reason, ...cancelFields } = cancel ?? {}
  return {
    ...before,
    customer_update: {
      allowed_updates:
        customer?.allowed_updates === undefined
          ? before.customer_update.allowed_updates
          : (customer.allowed_updates ?? []),
      enabled: customer?.enabled ?? before.customer_update.enabled,
    },
    invoice_history: change.invoice_history ?? before.invoice_history,
    payment_method_update: {
      ...before.payment_method_update,
      enabled: change.payment_method_update?.enabled ?? before.payment_method_update.enabled,
    },
    subscription_cancel: {
      ...before.subscription_cancel,
      ...cancelFields,
      ...(reason === undefined
        ? {}
        : {
            cancellation_reason: {
              enabled: reason.enabled,
              feedback_options: null,
              options: reason.options ?? [],
            },
          }),
    },
    subscription_pause: {
      ...before.subscription_pause,
      enabled:
        change.subscription_pause?.enabled === undefined && before.subscription_pause.enabled,
    },
    subscription_update: changedUpdate(before.subscription_update, change.subscription_update),
  }
}

function changedUpdate(
  before: Features['subscription_update'],
  change: FeaturesChange['subscription_update'] = {},
): Features['subscription_update'] {
  const {
    products,
    default_allowed_updates: updates,
    schedule_at_period_end: _schedule,
    ...plain
  } = change
  return {
    ...before,
    ...plain,
    ...(updates === undefined ? {} : { default_allowed_updates: updates ?? [] }),
    ...(products === undefined ? {} : { products: (products ?? []).map(productOf) }),
  }
}

type GivenProduct = NonNullable<
  NonNullable<FeaturesChange['subscription_update']>['products']
>[number]

/** Quantities can be changed unless the configuration says otherwise, where `quantity` is an allowed update. */
function productOf({
  prices,
  product,
  adjustable_quantity: given,
}: GivenProduct): Products[number] {
  return {
    adjustable_quantity: {
      enabled: given?.enabled ?? true,
      maximum: given?.maximum ?? null,
      minimum: given?.minimum ?? 1,
    },
    prices,
    product,
  }
}

function checkFeatures(ctx: Context, after: Features, change: FeaturesChange): void {
  const { subscription_cancel: cancel, subscription_update: update } = after
  if (cancel.proration_behavior === 'always_invoice') {
    refuse(
      'You cannot set `proration_behavior` to `always_invoice` when canceling a subscription.',
      'features[subscription_cancel][proration_behavior]',
    )
  }
  if (cancel.proration_behavior === 'create_prorations' && cancel.mode !== 'immediately') {
    refuse(
      'You can only set `proration_behavior` to `create_prorations` when `mode` is `immediately`.',
      'features[subscription_cancel][proration_behavior]',
    )
  }
  const isChanged =
    change.subscription_update !== undefined || change.payment_method_update !== undefined
  if (!update.enabled || !isChanged) return
  const name = 'features[subscription_update]'
  if ((update.products ?? []).length === 0) missing(`${name}[products]`)
  if (update.default_allowed_updates.length === 0) missing(`${name}[default_allowed_updates]`)
  if (!after.payment_method_update.enabled) {
    refuse('Cannot enable subscription updates while payment method update is disabled.')
  }
  checkProducts(ctx, update.products ?? [], `${name}[products]`)
}

function checkProducts(ctx: Context, products: Products, name: string): void {
  for (const [index, { product, prices }] of products.entries()) {
    const inside = `${name}[${index}]`
    if (ctx.store.get('products', product) === undefined) {
      throw noSuch('product', product, `${inside}[product]`)
    }
    const intervals = new Set<string>()
    for (const [at, id] of prices.entries()) {
      const param = `${inside}[prices][${at}]`
      const price = ctx.store.get('prices', id)
      if (price === undefined) throw noSuch('price', id, param)
      if (price.product !== product) {
        refuse(`The price \`${id}\` does not belong to the product \`${product}\`.`, param)
      }
      if (price.recurring === null) {
        refuse(
          'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
          param,
        )
      }
      const interval = `${price.currency} ${price.recurring.interval_count} ${price.recurring.interval}`
      if (intervals.has(interval)) {
        refuse(
          'The prices of a product must have different billing intervals.',
          `${inside}[prices]`,
        )
      }
      intervals.add(interval)
    }
  }
}

function refuse(message: string, param?: string): never {
  throw invalidRequest(message, param === undefined ? {} : { param })
}

function missing(param: string): never {
  throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}
