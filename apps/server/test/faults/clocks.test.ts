import { ManualClock } from '@tollgate/core/testing'
import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { ClockedServer } from '../server-process.ts'
import { startClocked } from '../server-process.ts'
import { readFaultEnv, START_TIMEOUT_MS, timeoutMs } from './env.ts'
import { Load } from './load.ts'
import type { Random } from './random.ts'
import { createRandom } from './random.ts'
import { survive } from './survive.ts'
import type { World } from './world.ts'
import { openWorld } from './world.ts'

// Four server processes, whose clocks step forth and back across the turn of every kind of window, each for itself.

const PROCESSES = 4
const TURN = Date.parse('2028-03-01T00:00:00.000Z')
const STEP_MS = 15_000

const { seed, rounds } = readFaultEnv()

/** That the users are known since the turn makes it the turn of `billing` windows too. */
describe.each(['month', 'billing', 'day', 'hour', 'never'])('meters that reset by %s', (resets) => {
  let database: TestDatabase
  let world: World
  let servers: ClockedServer[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    world = await openWorld(database.url, new ManualClock(new Date(TURN)))
    const start = new Date(TURN).toISOString()
    servers = await Promise.all(
      Array.from({ length: PROCESSES }, () =>
        startClocked(database.url, start, { RESETS: resets }),
      ),
    )
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    for (const { signal } of servers) signal('SIGKILL')
    await Promise.all(servers.map(({ ended }) => ended))
    await world.close()
    await database.drop()
  })

  it(
    `are exact in ${PROCESSES} processes while their clocks step across a turn (FAULT_SEED=${seed})`,
    async () => {
      const random = createRandom(seed)
      const load = new Load(
        {
          apiKey: world.apiKey,
          url: (chance) => chance.pick(servers)?.url ?? '',
          up: () => Promise.resolve(),
        },
        {
          seed,
          past: ['2028-02-29T23:59:59.999Z', '2028-02-01T00:00:00.000Z'],
          freeTtlSeconds: 20,
        },
      )
      const fault = async () => {
        for (let step = 0; step < 10; step += 1) {
          random.pick(servers)?.setClock(nearTheTurn(random))
          await load.after(5)
        }
      }
      await survive(world, load, { seed, rounds, fault })
    },
    timeoutMs(rounds),
  )
})

function nearTheTurn(random: Random): string {
  return new Date(TURN + random.int(-STEP_MS, STEP_MS)).toISOString()
}
