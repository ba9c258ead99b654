import type { Context } from '../../context.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

/** Whether Stripe can compute the tax that the catalogue asks for at checkout; nothing where it asks for none. */
export async function checkTax(ctx: Context): Promise<Finding[]> {
  if (!ctx.catalog.checkout.automaticTax) return []
  const name = 'automatic tax'
  const fix = "Complete the tax settings in Stripe's dashboard, with a default tax behavior."
  const { status, defaults } = await ctx.stripe.call((stripe) => stripe.tax.settings.retrieve())
  if (status !== 'active') return [problem(name, `the tax settings are ${status}`, fix)]
  if (defaults.tax_behavior !== null) return [ok(name, `prices are ${defaults.tax_behavior}`)]
  return [problem(name, 'the tax settings do not say whether prices include tax', fix)]
}
