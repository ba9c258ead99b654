import { setTimeout as delay } from 'node:timers/promises'
import type { TestCluster } from '@tollgate/testing'
import { createTestCluster } from '@tollgate/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ServerProcess } from '../server-process.ts'
import { startProcess } from '../server-process.ts'
import { readFaultEnv, START_TIMEOUT_MS, timeoutMs } from './env.ts'
import { Load } from './load.ts'
import { survive } from './survive.ts'
import type { World } from './world.ts'
import { openWorld, Switch } from './world.ts'

// PostgreSQL, postmaster and all, is killed at random moments, and callers come back with the same keys.

const { seed, rounds } = readFaultEnv()
let cluster: TestCluster
let server: ServerProcess
let world: World

beforeAll(async () => {
  cluster = await createTestCluster()
  world = await openWorld(cluster.url)
  server = await startProcess(cluster.url, { LOG_LEVEL: 'silent' })
}, START_TIMEOUT_MS)

afterAll(async () => {
  await world.close()
  await cluster.remove()
})

it(
  `metering is exact through ${rounds} deaths of PostgreSQL (FAULT_SEED=${seed})`,
  async () => {
    const postgres = new Switch()
    const load = new Load(
      { apiKey: world.apiKey, url: () => server.url, up: () => postgres.up() },
      { seed, past: world.past },
    )
    const fault = async () => {
      postgres.off()
      await cluster.kill()
      await cluster.start()
      postgres.on()
    }
    await survive(world, load, { seed, rounds, fault })
  },
  timeoutMs(rounds),
)

it('the server needs no restart: its worker goes on too, and it still ends in order', async () => {
  const { pool } = world.core.db
  await pool.query(`SELECT graphile_worker.add_job('prune_inbox')`)
  const isWaiting = async () => {
    const { rowCount } = await pool.query(
      `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'prune_inbox'`,
    )
    return rowCount !== 0
  }
  while (await isWaiting()) await delay(50)
  server.signal('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0 })
})
