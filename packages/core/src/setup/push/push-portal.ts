import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { writePortal } from '../../stripe/index.ts'
import type { PlannedStep } from './push-step.ts'

type Configuration = Stripe.BillingPortal.Configuration

/** The metadata by which our configuration is recognised among those that the operator made. */
const MARK = { tollgate: 'portal' }

const UPDATES = ['address', 'email', 'name', 'tax_id'] as const

/**
 * What people may do on Stripe's pages: cards, invoices, cancelling at the period's end. Not a change of plan: on our
 * page it is previewed, an upgrade counts once it is paid, and a downgrade waits for the end of the period.
 */
const features = {
  customer_update: { enabled: true, allowed_updates: [...UPDATES] },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: 'at_period_end' as const },
  subscription_update: { enabled: false },
}

/** The step for the customer portal: our configuration, recognised by `MARK`. */
export async function planPortal(ctx: Context): Promise<PlannedStep> {
  const found = await findPortal(ctx)
  const params = { features, default_return_url: `${ctx.settings.appUrl}/billing` }
  const detail = 'cards, invoices, cancelling at the end of the period'
  const step = { object: 'portal', plan: null, id: found?.id ?? null, detail } as const
  if (found && isAsWanted(found, params.default_return_url)) {
    return {
      step: { ...step, action: 'keep' },
      apply: async () => {
        await writePortal(ctx, found.id)
        return {}
      },
    }
  }
  return {
    step: { ...step, action: found ? 'update' : 'create' },
    apply: async () => {
      const { id } = await ctx.stripe.call((stripe) =>
        found
          ? stripe.billingPortal.configurations.update(found.id, { ...params, active: true })
          : stripe.billingPortal.configurations.create({ ...params, metadata: MARK }),
      )
      await writePortal(ctx, id)
      return { id }
    },
  }
}

/** Our configuration of the customer portal; null where none was pushed. */
export async function findPortal(ctx: Context): Promise<Configuration | null> {
  const all = await ctx.stripe.call((stripe) =>
    stripe.billingPortal.configurations.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  )
  return all.find(({ metadata }) => metadata?.['tollgate'] === MARK.tollgate) ?? null
}

function isAsWanted({ active, default_return_url, features: has }: Configuration, url: string) {
  const updates = has.customer_update
  return (
    active &&
    default_return_url === url &&
    updates.enabled &&
    UPDATES.every((field) => updates.allowed_updates.includes(field)) &&
    has.invoice_history.enabled &&
    has.payment_method_update.enabled &&
    has.subscription_cancel.enabled &&
    has.subscription_cancel.mode === 'at_period_end' &&
    !has.subscription_update.enabled
  )
}
