import { EventEmitter, once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { withLease } from '../../src/database/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

const NAME = 'payer:ada'
/** The longest that a dead holder makes others wait; less than they wait. */
const LONGEST_SECONDS = 10

let core: Harness

beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())
afterEach(() => {
  vi.useRealTimers()
})

/** For how many more seconds the name is held. */
async function heldSeconds(): Promise<number> {
  const { rows } = await core.ctx.db.pool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM held_until - clock_timestamp())::float AS seconds FROM leases WHERE name = $1`,
    [NAME],
  )
  return rows[0]?.seconds ?? 0
}

/** Holds the lease until `finish` is called. */
async function hold() {
  const work = new EventEmitter()
  const finished = once(work, 'finish')
  const begun = once(work, 'begin')
  const done = withLease(core.ctx, NAME, async () => {
    work.emit('begin')
    await finished
  })
  await begun
  return {
    finish: async () => {
      work.emit('finish')
      await done
    },
  }
}

test('a holder that dies makes others wait at most ten seconds', async () => {
  const holder = await hold()
  const seconds = await heldSeconds()
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(LONGEST_SECONDS)
  await holder.finish()
})

test('a holder keeps its lease however long the work takes, then releases it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const holder = await hold()
  for (let round = 0; round < 5; round += 1) {
    await core.ctx.db.pool.query(`UPDATE leases SET held_until = held_until - interval '3 seconds'`)
    await vi.advanceTimersByTimeAsync(3_000)
    await expect.poll(heldSeconds, { timeout: 20_000 }).toBeGreaterThan(LONGEST_SECONDS - 3)
  }
  await holder.finish()
  expect(await heldSeconds()).toBeLessThanOrEqual(0)
})
