import type { Context } from '../../context.ts'
import { accountOf, assertReachable, isBadKey, stripeTrouble } from '../../stripe/index.ts'
import { findPortal } from '../push/push-portal.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const PUSH = 'Run: tollgate plans push'

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

export async function checkPortal(ctx: Context): Promise<Finding> {
  const found = await findPortal(ctx)
  if (found?.active) return ok('customer portal', `configuration ${found.id}`)
  const message = found
    ? `configuration ${found.id} is switched off`
    : 'has no configuration of ours'
  return problem('customer portal', message, PUSH)
}
