import { parseArgs } from 'node:util'
import { coreRatios, coreSides } from './core-sides.ts'
import { fillLedgers } from './fill.ts'
import { burst } from './http/burst.ts'
import { growthGroup, guideGroup, processesGroup, type Servers, stackGroup } from './http/groups.ts'
import { startBare, startServer } from './http/processes.ts'
import { assertInvariants } from './invariants.ts'
import { compare } from './rounds.ts'
import { createWorld, type World } from './world.ts'

// What exact metering costs, as ratios of one run. Afterwards the invariants are asserted: a speed that loses or
// doubles a call fails.

const ROUNDS = 5
const USERS = 1_000

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
if (only !== undefined && only !== 'core' && only !== 'http') {
  throw new Error('--only takes core or http')
}

const world = await createWorld(USERS)
try {
  const ratios: Record<string, number> = {}
  let otherRows = 0
  if (only !== 'http') {
    Object.assign(ratios, await compare(await coreSides(world), coreRatios, ROUNDS))
  }
  if (only !== 'core') otherRows = await overHttp(world, ratios)
  await assertInvariants(world.ctx, world.keys.issued + otherRows)
  console.log(JSON.stringify(ratios))
} finally {
  await world.end()
}

/** Adds the ratios over HTTP, and answers how many ledger rows there are beside those of the world's own keys. */
async function overHttp(world: World, ratios: Record<string, number>): Promise<number> {
  const filled = await fillLedgers(world.ctx)
  const { databaseUrl, folder } = world
  const started = [
    await startBare(folder),
    await startServer(databaseUrl, folder),
    await startServer(databaseUrl, folder),
  ]
  try {
    const [bare, first, second] = started.map(({ url }) => url) as [string, string, string]
    const servers: Servers = { bare, first, second }
    for (const group of [stackGroup, guideGroup, growthGroup, processesGroup]) {
      const { sides, ratios: wanted } = group(world, servers)
      Object.assign(ratios, await compare(sides, wanted, ROUNDS))
    }
    return filled + (await burst(world, servers))
  } finally {
    for (const { stop } of started) await stop()
  }
}
