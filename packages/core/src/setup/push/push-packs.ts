import type Stripe from 'stripe'
import { packLookupKey } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { invalid } from '../../errors.ts'
import {
  configuredPackPrice,
  findPackPriceByKey,
  PACK_MARK,
  packPriceRefusal,
  writeOnce,
} from '../../stripe/index.ts'
import { otherPackAmounts, packConflict, packProductId } from '../pack-objects.ts'
import { planOwnProduct } from './own-product.ts'
import { keepConfigured } from './push-price.ts'
import type { PlannedStep } from './push-step.ts'

/**
 * The steps for the packs of the catalogue: a product and a price that is paid once, with an amount in each currency. A
 * price that the environment names stays as it is. Throws VALIDATION for what is not ours by its metadata.
 */
export async function planPacks(ctx: Context): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = []
  for (const pack of Object.keys(ctx.catalog.packs)) {
    const configured = configuredPackPrice(ctx, pack)
    if (configured !== undefined) {
      planned.push(await keepConfigured(ctx, null, configured))
      continue
    }
    planned.push(await planProduct(ctx, pack))
    planned.push(await planPrice(ctx, pack))
  }
  return planned
}

function planProduct(ctx: Context, pack: string): Promise<PlannedStep> {
  const metadata = { [PACK_MARK]: pack }
  const product = { id: packProductId(pack), name: packOf(ctx, pack).name, plan: null, metadata }
  return planOwnProduct(ctx, product, (found) => assertOurs(pack, found))
}

async function planPrice(ctx: Context, pack: string): Promise<PlannedStep> {
  const { price: declared } = packOf(ctx, pack)
  const amounts = Object.entries(declared).map(([currency, amount]) => `${amount} ${currency}`)
  const detail = `${packLookupKey(pack)}, ${amounts.join(', ')} once`
  const step = { object: 'price', plan: null, detail } as const
  const found = await findPackPriceByKey(ctx, pack)
  if (found !== null) {
    assertOurs(pack, found)
    const isSame =
      packPriceRefusal(found) === null && otherPackAmounts(found, declared).length === 0
    if (isSame) return { step: { ...step, action: 'keep', id: found.id } }
  }
  return {
    step: { ...step, action: 'create', id: null },
    apply: async () => ({ id: await createPrice(ctx, pack, found) }),
  }
}

/** Creates a pack's price. It takes the lookup key over from the price before. */
async function createPrice(
  ctx: Context,
  pack: string,
  before: Stripe.Price | null,
): Promise<string> {
  const { price: declared } = packOf(ctx, pack)
  const { defaultCurrency: currency } = ctx.catalog
  const others = Object.entries(declared).filter(([each]) => each !== currency)
  const params = {
    product: packProductId(pack),
    currency,
    unit_amount: declared[currency] ?? 0,
    currency_options: Object.fromEntries(
      others.map(([each, amount]) => [each, { unit_amount: amount }]),
    ),
    lookup_key: packLookupKey(pack),
    transfer_lookup_key: true,
    metadata: { [PACK_MARK]: pack },
  }
  const amounts = Object.entries(declared).flat()
  const { id } = await writeOnce(ctx, {
    words: ['pack price', pack, before?.id ?? 'none', ...amounts],
    async find() {
      const found = await findPackPriceByKey(ctx, pack)
      return found?.id === before?.id ? null : found
    },
    send: (idempotencyKey) =>
      ctx.stripe.call((stripe) => stripe.prices.create(params, { idempotencyKey })),
  })
  return id
}

function packOf({ catalog }: Context, pack: string) {
  const found = catalog.packs[pack]
  if (found === undefined) throw new Error(`There is no pack ${pack} in the catalogue`)
  return found
}

function assertOurs(pack: string, found: Parameters<typeof packConflict>[1]): void {
  const conflict = packConflict(pack, found)
  if (conflict === null) return
  throw invalid(
    `packs.${pack}`,
    `${conflict}. Nothing was changed. Set that to ${JSON.stringify(pack)} in Stripe's dashboard if it is for this pack, or choose another id for the pack`,
  )
}
