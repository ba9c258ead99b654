import { openHeldStripe } from './held-stripe.ts'
import { sendAll } from './load.ts'
import { startTollgate } from './processes.ts'
import { cancelAtOf, cancelAtPeriodEnd, delivery } from './stripe.ts'
import type { World } from './world.ts'
import { SECRET, untilFinal, WEBHOOK_PATH } from './world.ts'

const BURST = 10

/**
 * How many syncs a burst of ten events of one customer makes, where Stripe's state changes and the last event of it comes
 * while the first sync has its answer and has not written it. Throws where the row is not what Stripe says in the end.
 */
export async function syncsPerBurst(world: World): Promise<number> {
  const [customer = ''] = world.customers
  const ofCustomer = world.events.filter(({ data }) => data.object.customer === customer)
  // Its worker would serve them by another way.
  await world.tollgate.stop()
  const stripe = await openHeldStripe(world.stripe.origin)
  const tollgate = await startTollgate(world.databaseUrl, { stripe: stripe.origin, secret: SECRET })
  const send = (count: number) => {
    const events = Array.from({ length: count }, (_, i) => ofCustomer[i % ofCustomer.length])
    const requests = events.flatMap((event) =>
      event ? [delivery(event, WEBHOOK_PATH, SECRET)] : [],
    )
    return sendAll(tollgate.origin, requests, count)
  }
  try {
    await send(BURST - 1)
    await stripe.held
    await cancelAtPeriodEnd(world.stripe.origin, customer)
    await send(1)
    stripe.letGo()
    await untilFinal(world)
    const { rows } = await world.db.query<{ at: string | null }>(
      'SELECT extract(epoch FROM cancel_at) AS at FROM subscriptions WHERE customer_id = $1',
      [customer],
    )
    const cancelAt = await cancelAtOf(world.stripe.origin, customer)
    if (cancelAt === null || Number(rows[0]?.at) !== cancelAt) {
      throw new Error(`the row ends at ${rows[0]?.at}, at Stripe it does at ${cancelAt}`)
    }
    return stripe.looks()
  } finally {
    await tollgate.stop()
    await stripe.close()
  }
}
