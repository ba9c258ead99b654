import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type { PortalConfiguration } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  emptyable,
  ignored,
  integer,
  oneOf,
  required,
  text,
  unsupported,
} from '../../http/params/param.ts'
import { changeMetadata, listOf, metadata, shape } from '../../http/params/shape.ts'

const proration = oneOf('always_invoice', 'create_prorations', 'none')

const features = shape({
  customer_update: shape({
    allowed_updates: emptyable(
      listOf(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id')),
    ),
    enabled: boolean,
  }),
  invoice_history: shape({ enabled: required(boolean) }),
  payment_method_update: shape({
    enabled: required(boolean),
    payment_method_configuration: ignored,
  }),
  subscription_cancel: shape({
    cancellation_reason: ignored,
    enabled: required(boolean),
    mode: oneOf('at_period_end', 'immediately'),
    proration_behavior: proration,
  }),
  subscription_pause: unsupported,
  subscription_update: shape({
    billing_cycle_anchor: unsupported,
    default_allowed_updates: emptyable(listOf(oneOf('price', 'promotion_code', 'quantity'))),
    enabled: boolean,
    products: emptyable(
      listOf(
        shape({
          adjustable_quantity: shape({
            enabled: required(boolean),
            maximum: integer(),
            minimum: integer(),
          }),
          prices: required(listOf(text)),
          product: required(text),
        }),
      ),
    ),
    proration_behavior: proration,
    schedule_at_period_end: unsupported,
    trial_update_behavior: ignored,
  }),
})

const fields = {
  business_profile: shape({
    headline: emptyable(text),
    privacy_policy_url: emptyable(text),
    terms_of_service_url: emptyable(text),
  }),
  default_return_url: emptyable(text),
  login_page: ignored,
  metadata,
  name: emptyable(text),
}

export const createConfigurationParams = shape({ ...fields, features: required(features) })
export const updateConfigurationParams = shape({ ...fields, active: boolean, features })

type Change = ValueOf<typeof updateConfigurationParams>

/** A portal configuration. Throws 404, or 400 where `param` names it. */
export function requireConfiguration(
  ctx: Context,
  id: string,
  param?: string,
): PortalConfiguration {
  const found = ctx.store.get('portal_configurations', id)
  if (found === undefined) throw noSuch('configuration', id, param)
  return found
}

/** The default configuration, for sessions that name none; created on first use. */
export function defaultConfiguration(ctx: Context): PortalConfiguration {
  const existing = ctx.store.newest('portal_configurations').find((doc) => doc.is_default)
  return (
    existing ??
    ctx.store.put('portal_configurations', { ...newConfiguration(ctx), is_default: true })
  )
}

/** A configuration with all features, and without a list of products to switch to. */
export function newConfiguration(ctx: Context): PortalConfiguration {
  return {
    id: longId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: ctx.now,
    default_return_url: null,
    features: {
      customer_update: { allowed_updates: ['email', 'name'], enabled: true },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: null, options: [] },
        enabled: true,
        mode: 'at_period_end',
        proration_behavior: 'none',
      },
      subscription_pause: {
        duration: { interval_options: [], type: 'indefinite' },
        enabled: false,
      },
      subscription_update: {
        billing_cycle_anchor: null,
        default_allowed_updates: ['price'],
        enabled: true,
        products: [],
        proration_behavior: 'always_invoice',
        schedule_at_period_end: { conditions: [] },
        trial_update_behavior: 'end_trial',
      },
    },
    is_default: false,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: ctx.now,
  }
}

/** The configuration with all features off: the start of a new one, as on Stripe. */
export function withoutFeatures(configuration: PortalConfiguration): PortalConfiguration {
  const { features: all } = configuration
  return {
    ...configuration,
    features: {
      ...all,
      customer_update: { allowed_updates: [], enabled: false },
      invoice_history: { enabled: false },
      payment_method_update: { ...all.payment_method_update, enabled: false },
      subscription_cancel: { ...all.subscription_cancel, enabled: false },
      subscription_update: {
        ...all.subscription_update,
        default_allowed_updates: [],
        enabled: false,
      },
    },
  }
}

/** The configuration after a change. */
export function changedConfiguration(
  ctx: Context,
  before: PortalConfiguration,
  change: Change,
): PortalConfiguration {
  const {
    features: featureChange,
    business_profile: profile,
    metadata: data,
    login_page: _login,
    ...plain
  } = change
  return {
    ...before,
    ...plain,
    business_profile: { ...before.business_profile, ...profile },
    features:
      featureChange === undefined
        ? before.features
        : changedFeatures(before.features, featureChange),
    metadata: changeMetadata(before.metadata ?? {}, data),
    updated: ctx.now,
  }
}

function changedFeatures(
  before: PortalConfiguration['features'],
  change: ValueOf<typeof features>,
): PortalConfiguration['features'] {
  const {
    customer_update: customer,
    subscription_cancel: cancel,
    subscription_update: update,
  } = change
  const { cancellation_reason: _reason, ...cancelFields } = cancel ?? {}
  const {
    products,
    default_allowed_updates: updates,
    trial_update_behavior: _trial,
    ...updateFields
  } = update ?? {}
  return {
    ...before,
    customer_update: {
      allowed_updates: customer?.allowed_updates ?? before.customer_update.allowed_updates,
      enabled: customer?.enabled ?? before.customer_update.enabled,
    },
    invoice_history: change.invoice_history ?? before.invoice_history,
    payment_method_update: {
      ...before.payment_method_update,
      enabled: change.payment_method_update?.enabled ?? before.payment_method_update.enabled,
    },
    subscription_cancel: { ...before.subscription_cancel, ...cancelFields },
    subscription_update: {
      ...before.subscription_update,
      ...updateFields,
      ...(updates === undefined ? {} : { default_allowed_updates: updates ?? [] }),
      ...(products === undefined
        ? {}
        : {
            products: (products ?? []).map(
              ({ prices, product, adjustable_quantity: adjustable }) => ({
                adjustable_quantity: {
                  enabled: adjustable?.enabled ?? false,
                  maximum: adjustable?.maximum ?? null,
                  minimum: adjustable?.minimum ?? 1,
                },
                prices,
                product,
              }),
            ),
          }),
    },
  }
}
