import { packVariable } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { configuredPackPrice, findPackPrice, packPriceRefusal } from '../../stripe/index.ts'
import { findProductById } from '../find-product.ts'
import { otherPackAmounts, packConflict, packProductId } from '../pack-objects.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const PUSH = 'Run: tollgate plans push'
const CORRECT = "Correct its metadata in Stripe's dashboard, then run: tollgate plans push"

/**
 * One check for each pack. An amount that differs from the catalogue's is no problem: the operator may want that. A
 * currency that the price lacks is one, and so is what is not ours under the pack's name.
 */
export async function checkPacks(ctx: Context): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const pack of Object.keys(ctx.catalog.packs)) findings.push(await checkPack(ctx, pack))
  return findings
}

async function checkPack(ctx: Context, pack: string): Promise<Finding> {
  const name = `price of the pack ${pack}`
  const configured = configuredPackPrice(ctx, pack)
  const declared = ctx.catalog.packs[pack]?.price ?? {}
  const currencies = Object.keys(declared)
  const fix =
    configured === undefined
      ? PUSH
      : `Set ${packVariable(pack)} to an active price in ${currencies.join(', ')} that is paid once, or leave it out.`
  const price = await findPackPrice(ctx, pack)
  const conflict = configured === undefined ? await findConflict(ctx, pack, price) : null
  if (conflict !== null) return problem(name, conflict, CORRECT)
  if (price === null) return problem(name, `Stripe has no ${configured ?? 'price for it'}`, fix)
  const refusal = packPriceRefusal(price)
  if (refusal !== null) return problem(name, `not offered: ${price.id} ${refusal}`, fix)
  const missing = currencies.filter(
    (each) => each !== price.currency && price.currency_options?.[each] === undefined,
  )
  if (missing.length > 0) {
    return problem(name, `${price.id} has no amount in ${missing.join(', ')}`, fix)
  }
  const says = `${price.unit_amount} ${price.currency} once, ${price.id}`
  const other = otherPackAmounts(price, declared)
  return ok(name, other.length === 0 ? says : `${says}; the catalogue says ${other.join(', ')}`)
}

async function findConflict(
  ctx: Context,
  pack: string,
  price: Awaited<ReturnType<typeof findPackPrice>>,
): Promise<string | null> {
  const product = await findProductById(ctx, packProductId(pack))
  const found = [...(product ? [product] : []), ...(price ? [price] : [])]
  return found.map((each) => packConflict(pack, each)).find((each) => each !== null) ?? null
}
