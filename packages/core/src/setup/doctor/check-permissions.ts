import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { Operation } from '../../stripe/index.ts'
import { isBadKey, isForbidden, operations, remedyFor } from '../../stripe/index.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

/** An id that no object has. */
const NO_ID = 'tollgate_doctor'

/**
 * Makes every kind of call that the product makes, so that a permission that a restricted key lacks is found before a
 * payer finds it. Nothing changes at Stripe: what reads asks for one object, or for one that does not exist; what deletes
 * names one that does not exist; what writes
 * has a parameter that Stripe does not know, and is refused for that, after the permission was checked (docs/stripe.md,
 * fact 38).
 */
export async function checkPermissions(ctx: Context): Promise<Finding> {
  const name = 'stripe permissions'
  const needed = Object.entries<Operation>(operations).filter(([, each]) => !each.isOptional)
  const missing: string[] = []
  for (const [operation, { method, path }] of needed) {
    if (await isRefused(ctx, method, path.replace(':id', NO_ID))) {
      missing.push(remedyFor(operation))
    }
  }
  if (missing.length === 0) return ok(name, `the key may make all ${needed.length} kinds of calls`)
  return problem(
    name,
    `Stripe refuses ${missing.length} of ${needed.length} kinds of calls: ${missing.join('; ')}`,
    "Give the key these permissions in Stripe's dashboard, Developers, API keys.",
  )
}

/** Throws STRIPE_UNAVAILABLE where Stripe did not answer. */
async function isRefused(
  ctx: Context,
  method: Operation['method'],
  path: string,
): Promise<boolean> {
  try {
    await ctx.stripe.call((stripe) =>
      method === 'POST'
        ? stripe.rawRequest(method, path, { [NO_ID]: 'asks whether the key may do this' })
        : stripe.rawRequest(method, path.includes(NO_ID) ? path : `${path}?limit=1`),
    )
    return false
  } catch (error) {
    if (isForbidden(error) || isBadKey(error)) return true
    if (isAnswer(error)) return false
    throw error
  }
}

/** Stripe refused the parameters or does not know the object: the key was accepted. */
function isAnswer(error: unknown): boolean {
  return error instanceof TollgateError && error.code === 'STRIPE_REJECTED'
}
