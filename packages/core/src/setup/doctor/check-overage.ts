import type Stripe from 'stripe'
import { meterEventName, offeredPlans, planOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { OverageOf } from '../../stripe/index.ts'
import { listMeters } from '../../stripe/index.ts'
import {
  declaredUnitPrices,
  findMeter,
  findOveragePrice,
  meterConflict,
  overageConflict,
  overageDifference,
  soldMeters,
} from '../overage-objects.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const PUSH = 'Run: tollgate plans push'
const RENAME = "Remove that name in Stripe's dashboard, then run: tollgate plans push"

/** One check for each meter that is sold beyond a limit, and one for each price at which it is. */
export async function checkOverage(ctx: Context): Promise<Finding[]> {
  const plans = offeredPlans(ctx.catalog)
  const sold = soldMeters(ctx, plans)
  if (sold.length === 0) return []
  const meters = await listMeters(ctx)
  const findings = sold.map((meter) => checkMeter(meters, meter))
  for (const plan of plans) {
    for (const meter of Object.keys(planOf(ctx.catalog, plan).overage)) {
      findings.push(await checkPrice(ctx, meters, { plan, meter }))
    }
  }
  return findings
}

function checkMeter(meters: readonly Stripe.Billing.Meter[], meter: string): Finding {
  const name = `meter of ${meter}`
  const found = findMeter(meters, meter)
  if (found === null) return problem(name, `Stripe has no ${meterEventName(meter)}`, PUSH)
  const conflict = meterConflict(found)
  if (conflict !== null) return problem(name, conflict, RENAME)
  if (found.status !== 'active') return problem(name, `${found.id} is switched off`, PUSH)
  return ok(name, found.id)
}

async function checkPrice(
  ctx: Context,
  meters: readonly Stripe.Billing.Meter[],
  of: OverageOf,
): Promise<Finding> {
  const name = `overage of ${of.plan}, ${of.meter}`
  const found = await findOveragePrice(ctx, of)
  if (found === null) return problem(name, 'Stripe has no price for it', PUSH)
  const conflict = overageConflict(of, found)
  if (conflict !== null) return problem(name, conflict, RENAME)
  const meterId = findMeter(meters, of.meter)?.id ?? null
  const declared = declaredUnitPrices(ctx, of)
  const difference = overageDifference(found, { declared, meterId })
  if (difference !== null) return problem(name, `${found.id} ${difference}`, PUSH)
  const amounts = Object.entries(declared).map(([currency, price]) => `${price} ${currency}`)
  return ok(name, `${amounts.join(', ')} a unit, ${found.id}`)
}
