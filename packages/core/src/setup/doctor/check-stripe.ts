import { defaultPrice, offeredPlans, planOf, priceVariable } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { Offer } from '../../stripe/index.ts'
import {
  accountOf,
  assertReachable,
  configuredPrice,
  currentPrices,
  isBadKey,
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
 * One check for each plan on offer. An amount that differs from the catalogue's is no problem: the operator may want
 * that. A price that can't be offered as what the catalogue says is one, since the plan is not on offer then; and so is a
 * product or price under the plan's name that belongs to another plan.
 */
export async function checkPrices(ctx: Context): Promise<Finding[]> {
  const prices = await currentPrices(ctx)
  const findings: Finding[] = []
  for (const plan of offeredPlans(ctx.catalog)) {
    const conflict = configuredPrice(ctx, plan) === undefined ? await findConflict(ctx, plan) : null
    findings.push(checkPrice(ctx, plan, { offer: prices.get(plan), conflict }))
  }
  return findings
}

async function findConflict(ctx: Context, plan: string): Promise<string | null> {
  const found = [await findProduct(ctx, plan), await findPrice(ctx, plan)]
  return found.map((each) => each && conflictOf(plan, each)).find((each) => each !== null) ?? null
}

function checkPrice(
  ctx: Context,
  plan: string,
  { offer, conflict }: { offer: Offer | undefined; conflict: string | null },
): Finding {
  const name = `price of ${plan}`
  if (conflict !== null) return problem(name, conflict, CORRECT)
  if (!offer) {
    const id = configuredPrice(ctx, plan)
    const message = id === undefined ? 'Stripe has none' : `Stripe has no ${id}`
    return problem(name, message, fixFor(ctx, plan))
  }
  if ('refused' in offer) {
    return problem(name, `not offered: ${offer.refused}`, fixFor(ctx, plan))
  }
  const { price } = offer
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
  const { currency, interval } = defaultPrice(planOf(ctx.catalog, plan)) ?? {}
  return `Set ${variable} to an active price in ${currency} a ${interval}, or leave it out.`
}

export async function checkPortal(ctx: Context): Promise<Finding> {
  const found = await findPortal(ctx)
  if (found?.active) return ok('customer portal', `configuration ${found.id}`)
  const message = found
    ? `configuration ${found.id} is switched off`
    : 'has no configuration of ours'
  return problem('customer portal', message, PUSH)
}
