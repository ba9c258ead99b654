import { expect } from 'vitest'
import { findBroken } from './invariants.ts'
import type { Load } from './load.ts'
import { createRandom } from './random.ts'
import type { World } from './world.ts'

const CALLERS = 16
const CALLS_EACH = 6
/** Well before the last of a round's calls, repeats included, was sent and answered. */
const MOMENTS = CALLERS * CALLS_EACH

/** What happens in the middle of a round's load. */
export type Fault = () => Promise<void>

/** A fault at a random moment of each round of load, and then all that must hold. */
export async function survive(
  world: World,
  load: Load,
  { seed, rounds, fault }: { seed: number; rounds: number; fault: Fault },
): Promise<void> {
  const random = createRandom(seed)
  for (let round = 1; round <= rounds; round += 1) {
    const users = await world.addUsers(round)
    const moment = load.after(random.int(1, MOMENTS))
    const answered = load.run(users, { callers: CALLERS, each: CALLS_EACH })
    await moment.then(fault)
    await answered
  }
  await load.repeatAll()
  await expectInvariants(world, load)
  await load.settleAll()
  await expectInvariants(world, load)
  const { rows } = await world.core.db.pool.query(
    'SELECT user_id, meter, reserved FROM usage_counters WHERE reserved <> 0',
  )
  expect(rows).toEqual([])
}

async function expectInvariants({ core, limits, latest }: World, { history }: Load): Promise<void> {
  expect(await findBroken(core.db.pool, { history, limits, latest })).toEqual([])
}
