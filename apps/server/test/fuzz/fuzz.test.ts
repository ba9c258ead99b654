import { verifyUsage } from '@tollgate/core'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuth } from '../../src/auth/auth.ts'
import { APP_URL } from '../harness.ts'
import { callsTo, changesBilling } from './calls.ts'
import { ENOUGH_RUNS, readFuzzEnv } from './env.ts'
import { makeCalls, shortest } from './make-calls.ts'
import { brokenReads } from './reads.ts'
import { Sender } from './send.ts'
import type { Target } from './targets.ts'
import { authRoutes, procedures } from './targets.ts'
import type { FuzzWorld } from './world.ts'
import { startFuzzWorld } from './world.ts'

const { seed, runs } = readFuzzEnv()
const timeout = 60_000 + runs * 20

let world: FuzzWorld
let sender: Sender
let targets: readonly Target[]
/** The targets that understood a call. */
let understood: ReadonlySet<string>

beforeAll(async () => {
  world = await startFuzzWorld()
  sender = new Sender(world.server.url)
  const env = { appUrl: APP_URL, origins: [APP_URL], authSecret: 's'.repeat(32), production: false }
  const { core } = world.server
  const auth = createAuth({ core, env, log: pino({ level: 'silent' }), mail: null })
  targets = [...procedures, ...authRoutes(auth)]
})

afterAll(async () => {
  sender.close()
  await world.server.close()
})

describe(`whatever is sent (FUZZ_SEED=${seed} FUZZ_RUNS=${runs})`, () => {
  it('no answer is 5xx, and each refusal has a code of the contract', { timeout }, async () => {
    const calls = fc.sample(callsTo(targets, world), { seed, numRuns: runs })
    const { pool } = world.server.core.db
    const forgetLimits = () => pool.query('DELETE FROM stripe_call_limits')
    const made = await makeCalls(calls, { sender, errors: world.errors, forgetLimits })
    understood = made.understood
    expect(shortest(made.faults)).toEqual([])
  })

  it.runIf(runs >= ENOUGH_RUNS)(
    'every procedure has understood some of it, but for changes of a subscription',
    () => {
      const hasUnderstood = (name: string) =>
        understood.has(`trpc ${name}`) || understood.has(`rest ${name}`)
      expect(
        procedures.filter(({ name }) => !hasUnderstood(name) && !changesBilling(name)),
      ).toEqual([])
    },
  )

  it('counters still say what the ledger says', async () => {
    expect(await verifyUsage(world.server.core)).toMatchObject({ differences: [] })
  })

  it('every list, overview and balance can still be read', { timeout }, async () => {
    expect(await brokenReads(world.server.core)).toEqual([])
  })
})
