import type Stripe from 'stripe'
import { meterEventName, meterOf, overageLookupKey, planOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { TollgateError } from '../../errors.ts'
import { invalid } from '../../errors.ts'
import type { OverageOf } from '../../stripe/index.ts'
import { listMeters, overageMarks, unitPriceParams, writeOnce } from '../../stripe/index.ts'
import {
  declaredUnitPrices,
  findMeter,
  findOveragePrice,
  METER_SETTINGS,
  meterConflict,
  overageConflict,
  overageDifference,
  overageProductId,
  overageProductName,
  soldMeters,
} from '../overage-objects.ts'
import { planOwnProduct } from './own-product.ts'
import type { PlannedStep } from './push-step.ts'

/** The steps for all that some plans on offer sell beyond their limits: first the meters, which the prices name. */
export async function planOverage(ctx: Context, plans: readonly string[]): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = []
  const sold = soldMeters(ctx, plans)
  if (sold.length === 0) return planned
  const meters = await listMeters(ctx)
  for (const meter of sold) planned.push(planMeter(ctx, meters, meter))
  for (const plan of plans) {
    for (const meter of Object.keys(planOf(ctx.catalog, plan).overage)) {
      planned.push(await planOverageProduct(ctx, { plan, meter }))
      planned.push(await planOveragePrice(ctx, meters, { plan, meter }))
    }
  }
  return planned
}

/** The step for a meter's Billing Meter. Throws VALIDATION where one under its name counts in another way. */
function planMeter(
  ctx: Context,
  meters: readonly Stripe.Billing.Meter[],
  meter: string,
): PlannedStep {
  const name = meterEventName(meter)
  const step = { object: 'meter', plan: null, detail: name } as const
  const found = findMeter(meters, meter)
  if (found === null) {
    const display_name = meterOf(ctx.catalog, meter).name
    const params = { display_name, event_name: name, ...METER_SETTINGS }
    return {
      step: { ...step, action: 'create', id: null },
      apply: async () => {
        const { id } = await writeOnce(ctx, {
          words: ['meter', name, display_name],
          find: async () => findMeter(await listMeters(ctx), meter),
          send: (idempotencyKey) =>
            ctx.stripe.call((stripe) => stripe.billing.meters.create(params, { idempotencyKey })),
        })
        return { id }
      },
    }
  }
  const { id, status } = found
  const conflict = meterConflict(found)
  if (conflict !== null) throw notOurs(`meters.${meter}`, conflict)
  if (status === 'active') return { step: { ...step, action: 'keep', id } }
  return {
    step: { ...step, action: 'update', id },
    apply: async () => {
      await ctx.stripe.call((stripe) => stripe.billing.meters.reactivate(id))
      return {}
    },
  }
}

/** The step for the product of an overage price. Throws VALIDATION where it is not ours. */
function planOverageProduct(ctx: Context, of: OverageOf): Promise<PlannedStep> {
  const [id, name] = [overageProductId(of), overageProductName(ctx, of)]
  const product = { id, name, plan: of.plan, metadata: overageMarks(of) }
  return planOwnProduct(ctx, product, (found) => assertOurs(of, found))
}

/**
 * The step for an overage price, under its lookup key: exact, monthly, in every currency. Another amount makes another
 * price; subscriptions keep the one that they have. Throws VALIDATION where the key is on a price that is not ours.
 */
async function planOveragePrice(
  ctx: Context,
  meters: readonly Stripe.Billing.Meter[],
  of: OverageOf,
): Promise<PlannedStep> {
  const declared = declaredUnitPrices(ctx, of)
  const amounts = Object.entries(declared).map(([currency, price]) => `${price} ${currency}`)
  const detail = `${overageLookupKey(of.plan, of.meter)}, ${amounts.join(', ')} a unit`
  const step = { object: 'price', plan: of.plan, detail } as const
  const found = await findOveragePrice(ctx, of)
  if (found !== null) {
    assertOurs(of, found)
    const meterId = findMeter(meters, of.meter)?.id ?? null
    if (overageDifference(found, { declared, meterId }) === null) {
      return { step: { ...step, action: 'keep', id: found.id } }
    }
  }
  return {
    step: { ...step, action: 'create', id: null },
    apply: async () => ({ id: await createPrice(ctx, of, found?.id ?? 'none') }),
  }
}

async function createPrice(ctx: Context, of: OverageOf, beforeId: string): Promise<string> {
  const meter = findMeter(await listMeters(ctx), of.meter)
  if (meter === null) throw new Error(`The meter ${of.meter} was not pushed`)
  const { [ctx.catalog.defaultCurrency]: unitPrice = '0', ...others } = declaredUnitPrices(ctx, of)
  const { id } = await writeOnce(ctx, {
    words: [
      'overage price',
      of.plan,
      of.meter,
      beforeId,
      meter.id,
      JSON.stringify(others),
      unitPrice,
    ],
    async find() {
      const found = await findOveragePrice(ctx, of)
      return found && found.id !== beforeId ? found : null
    },
    send: (idempotencyKey) =>
      ctx.stripe.call((stripe) =>
        stripe.prices.create(
          {
            product: overageProductId(of),
            currency: ctx.catalog.defaultCurrency,
            ...unitPriceParams(unitPrice, others),
            recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
            lookup_key: overageLookupKey(of.plan, of.meter),
            transfer_lookup_key: true,
            metadata: overageMarks(of),
          },
          { idempotencyKey },
        ),
      ),
  })
  return id
}

function assertOurs(of: OverageOf, found: Parameters<typeof overageConflict>[1]): void {
  const conflict = overageConflict(of, found)
  if (conflict !== null) throw notOurs(`plans.${of.plan}.overage.${of.meter}`, conflict)
}

function notOurs(path: string, conflict: string): TollgateError {
  return invalid(
    path,
    `${conflict}. Nothing was changed. Remove that name in Stripe's dashboard, or choose another id`,
  )
}
