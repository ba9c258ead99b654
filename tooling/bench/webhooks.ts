import { compare } from './metering/rounds.ts'
import { syncsPerBurst } from './webhooks/burst.ts'
import { webhookRatios, webhookSides } from './webhooks/sides.ts'
import { assertComplete, createWorld } from './webhooks/world.ts'

// What it costs to take Stripe's webhooks in, as ratios of one run. Afterwards both sides must have a row of every
// subscription: a speed that loses one fails.

const ROUNDS = 15
const CUSTOMERS = 300
const MOST_SYNCS = 2

const world = await createWorld(CUSTOMERS)
try {
  const ratios = await compare(webhookSides(world), webhookRatios, ROUNDS)
  await assertComplete(world)
  const syncs = await syncsPerBurst(world)
  console.log(
    `syncsPerBurst ${syncs} (at most ${MOST_SYNCS}: ${syncs <= MOST_SYNCS ? '' : 'not '}reached)`,
  )
  console.log(JSON.stringify({ ...ratios, syncsPerBurst: syncs }))
} finally {
  await world.end()
}
