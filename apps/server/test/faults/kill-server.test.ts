import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import { afterAll, beforeAll, it } from 'vitest'
import type { ServerProcess } from '../server-process.ts'
import { startProcess } from '../server-process.ts'
import { readFaultEnv, START_TIMEOUT_MS, timeoutMs } from './env.ts'
import { Load } from './load.ts'
import { createRandom } from './random.ts'
import { survive } from './survive.ts'
import type { World } from './world.ts'
import { openWorld } from './world.ts'

// Of two server processes, one is killed at random moments; callers go to the other with the same keys.

const { seed, rounds } = readFaultEnv()
let database: TestDatabase
let world: World
let servers: ServerProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  world = await openWorld(database.url)
  servers = [await startServer(), await startServer()]
}, START_TIMEOUT_MS)

afterAll(async () => {
  for (const { signal } of servers) signal('SIGKILL')
  await Promise.all(servers.map(({ ended }) => ended))
  await world.close()
  await database.drop()
})

function startServer(): Promise<ServerProcess> {
  return startProcess(database.url, { LOG_LEVEL: 'silent' })
}

it(
  `metering is exact through ${rounds} deaths of a server (FAULT_SEED=${seed})`,
  async () => {
    const random = createRandom(seed)
    const load = new Load(
      {
        apiKey: world.apiKey,
        url: (chance) => chance.pick(servers)?.url ?? '',
        up: () => Promise.resolve(),
      },
      { seed, past: world.past },
    )
    const fault = async () => {
      const victim = random.pick(servers)
      victim?.signal('SIGKILL')
      servers = servers.filter((server) => server !== victim)
      await victim?.ended
      servers.push(await startServer())
    }
    await survive(world, load, { seed, rounds, fault })
  },
  timeoutMs(rounds),
)
