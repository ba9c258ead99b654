import { verifyUsage } from '@tollgate/core'
import { coreRatios, coreSides } from './metering/core-sides.ts'
import { compare } from './metering/rounds.ts'
import { createWorld } from './metering/world.ts'

// What exact metering costs, as ratios of one run. Afterwards every counter is compared with the ledger: a speed that
// loses or doubles a call fails.

const ROUNDS = 5
const USERS = 1_000

const world = await createWorld(USERS)
try {
  const ratios = await compare(await coreSides(world), coreRatios, ROUNDS)
  const { counters, differences } = await verifyUsage(world.ctx)
  if (differences.length > 0) {
    throw new Error(`${differences.length} of ${counters} counters differ from the ledger`)
  }
  console.log(`${counters} counters, all equal to the ledger`)
  console.log(JSON.stringify(ratios))
} finally {
  await world.end()
}
