import { defaultPrice, offeredPlans, planOf, priceVariable } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { PlanPrice } from '../../stripe/index.ts'
import {
  accountOf,
  assertReachable,
  configuredPrice,
  currentPrices,
  isBadKey,
  isMissing,
  PLAN_MARK,
  stripeTrouble,
} from '../../stripe/index.ts'
import { conflictOf, findPrice, findProduct } from '../plan-objects.ts'
import { findPortal } from '../push/push-portal.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const PUSH = 'Run: tollgate plans push'
const CORRECT = `Correct its metadata.${PLAN_MARK} in Stripe's dashboard, then run: tollgate plans push`

export async function checkKey(ctx: Context): Promise<Finding> {
  const mode = ctx.stripe.livemode ? 'live' : 'test'
  try {
    const { accountId } = await accountOf(ctx)
    return ok('stripe key', `${mode} mode, ${accountId ?? 'its account is not visible to it'}`)
  } catch (error) {
    if (isBadKey(error)) {
      return problem(
        'stripe key',
        `Stripe refuses the ${mode} key`,
        "Set STRIPE_SECRET_KEY to a key of Stripe's dashboard, Developers, API keys.",
      )
    }
    const reason = error instanceof Error ? error.message : String(error)
    return problem(
      'stripe key',
      reason,
      'Try again. If it stays, check whether this machine can reach Stripe.',
    )
  }
}

/** Whether this database is bound to that account. */
export async function checkAccount(ctx: Context): Promise<Finding> {
  const name = 'stripe account'
  try {
    await assertReachable(ctx, { dryRun: true })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return problem(
      name,
      'not the one of this database',
      cause instanceof Error ? cause.message : '',
    )
  }
  const trouble = await stripeTrouble(ctx)
  return trouble?.code === 'customers_unknown'
    ? problem(name, 'knows none of our customers', trouble.message)
    : ok(name, 'the one of this database')
}

/**
 * One check for each plan on offer. A price that differs from the catalogue's is no problem: the operator may want that.
 * A product or price under the plan's name that belongs to another plan is one.
 */
export async function checkPrices(ctx: Context): Promise<Finding[]> {
  const prices = await currentPrices(ctx)
  const findings: Finding[] = []
  for (const plan of offeredPlans(ctx.catalog)) {
    const conflict = configuredPrice(ctx, plan) === undefined ? await findConflict(ctx, plan) : null
    findings.push(await checkPrice(ctx, plan, { price: prices.get(plan), conflict }))
  }
  return findings
}

async function findConflict(ctx: Context, plan: string): Promise<string | null> {
  const found = [await findProduct(ctx, plan), await findPrice(ctx, plan)]
  return found.map((each) => each && conflictOf(plan, each)).find((each) => each !== null) ?? null
}

async function checkPrice(
  ctx: Context,
  plan: string,
  { price, conflict }: { price: PlanPrice | undefined; conflict: string | null },
): Promise<Finding> {
  const name = `price of ${plan}`
  if (conflict !== null) return problem(name, conflict, CORRECT)
  if (!price) return problem(name, await whyNone(ctx, plan), fixFor(ctx, plan))
  const says = `${price.unitAmount} ${price.currency} a ${price.interval}, ${price.id}`
  const declared = defaultPrice(planOf(ctx.catalog, plan))
  const same =
    price.unitAmount === declared?.unitAmount &&
    price.currency === declared.currency &&
    price.interval === declared.interval
  if (same || declared === undefined) return ok(name, says)
  const { unitAmount, currency, interval } = declared
  return ok(name, `${says}; the catalogue says ${unitAmount} ${currency} a ${interval}`)
}

function fixFor(ctx: Context, plan: string): string {
  if (configuredPrice(ctx, plan) === undefined) return PUSH
  const variable = priceVariable(plan, defaultPrice(planOf(ctx.catalog, plan))?.interval)
  return `Set ${variable} to an active monthly or yearly price, or leave it out.`
}

async function whyNone(ctx: Context, plan: string): Promise<string> {
  const id = configuredPrice(ctx, plan)
  if (id === undefined) return 'Stripe has none'
  try {
    const { active } = await ctx.stripe.call((stripe) => stripe.prices.retrieve(id))
    return active ? `${id} has no amount per month or year` : `${id} was archived`
  } catch (error) {
    if (isMissing(error)) return `Stripe has no ${id}`
    throw error
  }
}

export async function checkPortal(ctx: Context): Promise<Finding> {
  const found = await findPortal(ctx)
  if (found?.active) return ok('customer portal', `configuration ${found.id}`)
  const message = found
    ? `configuration ${found.id} is switched off`
    : 'has no configuration of ours'
  return problem('customer portal', message, PUSH)
}
