import type { Context } from '../../context.ts'
import {
  checkDatabase,
  checkInbox,
  checkReconcile,
  checkResets,
  checkWorker,
} from './check-database.ts'
import { checkOverage } from './check-overage.ts'
import { checkPacks } from './check-packs.ts'
import { checkPermissions } from './check-permissions.ts'
import { checkPrices } from './check-prices.ts'
import { checkAccount, checkKey, checkPortal } from './check-stripe.ts'
import { checkTax } from './check-tax.ts'
import { checkDelivery, checkWebhookEndpoint } from './check-webhook.ts'
import type { Finding } from './finding.ts'
import { problem } from './finding.ts'

/**
 * Checks everything that billing needs, and says what to do where something is wrong: it makes every kind of call that
 * the product makes. Never throws, and changes nothing. What can't be checked, because the database or Stripe does not answer, is left out: that is then the problem
 * to solve first.
 */
export async function examine(ctx: Context): Promise<Finding[]> {
  const [database, key] = [await checkDatabase(ctx), await checkKey(ctx)]
  const checks = [database, key]
  if (database.ok && key.ok) {
    const account = await checkAccount(ctx)
    checks.push(account)
    if (account.ok) {
      checks.push(...(await attempt('stripe permissions', () => checkPermissions(ctx))))
      checks.push(...(await attempt('prices', () => checkPrices(ctx))))
      checks.push(...(await attempt('automatic tax', () => checkTax(ctx))))
      checks.push(...(await attempt('overage', () => checkOverage(ctx))))
      checks.push(...(await attempt('packs', () => checkPacks(ctx))))
      checks.push(...(await attempt('customer portal', () => checkPortal(ctx))))
      checks.push(...(await attempt('webhook endpoint', () => checkWebhookEndpoint(ctx))))
      checks.push(...(await attempt('webhook secret', () => checkDelivery(ctx))))
    }
  }
  if (!database.ok) return checks
  for (const check of [checkResets, checkWorker, checkInbox, checkReconcile])
    checks.push(await check(ctx))
  return checks
}

/** A restricted key may not have the right to read this. */
async function attempt(
  name: string,
  check: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await check()].flat()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [
      problem(name, `could not be checked: ${reason}`, 'Try again, or give the key that right.'),
    ]
  }
}
