import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { PortalConfiguration } from '../../../documents.ts'

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

/**
 * The default configuration, for sessions that name none; it is there from the first use, as on an account whose
 * owner has saved the settings of the portal. Undefined on one whose owner has not.
 */
export function findDefaultConfiguration(ctx: Context): PortalConfiguration | undefined {
  const existing = ctx.store.newest('portal_configurations').find((doc) => doc.is_default)
  if (existing !== undefined || !ctx.settings.hasPortalSettings) return existing
  return ctx.store.put('portal_configurations', defaultConfiguration(ctx))
}

/** The default configuration. Throws 400 on an account whose owner has not saved the settings of the portal. */
export function requireDefaultConfiguration(ctx: Context): PortalConfiguration {
  const found = findDefaultConfiguration(ctx)
  if (found !== undefined) return found
  throw invalidRequest(
    'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.',
  )
}

/** What an account has whose owner has saved the settings as they were: everything but a switch of plans. */
function defaultConfiguration(ctx: Context): PortalConfiguration {
  const blank = newConfiguration(ctx)
  return {
    ...blank,
    features: {
      ...blank.features,
      customer_update: {
        allowed_updates: ['name', 'email', 'address', 'phone', 'tax_id'],
        enabled: true,
      },
      invoice_history: { enabled: true },
      payment_method_update: { ...blank.features.payment_method_update, enabled: true },
      subscription_cancel: { ...blank.features.subscription_cancel, enabled: true },
    },
    is_default: true,
  }
}

/** A configuration with all features off: the start of a new one. */
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
      customer_update: { allowed_updates: [], enabled: false },
      invoice_history: { enabled: false },
      payment_method_update: { enabled: false, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: {
          enabled: false,
          feedback_options: null,
          options: ['too_expensive', 'missing_features', 'switched_service', 'unused', 'other'],
        },
        enabled: false,
        mode: 'at_period_end',
        proration_behavior: 'none',
      },
      subscription_pause: {
        duration: { interval_options: [], type: 'indefinite' },
        enabled: false,
      },
      subscription_update: {
        billing_cycle_anchor: null,
        default_allowed_updates: [],
        enabled: false,
        products: [],
        proration_behavior: 'none',
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
