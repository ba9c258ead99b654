import { FEW, GUIDE_USERS, MANY } from '../fill.ts'
import type { Ratio, Side } from '../rounds.ts'
import { percentile } from '../rounds.ts'
import type { World } from '../world.ts'
import { allowed, queries, uses } from './calls.ts'
import type { Call } from './load.ts'

export interface Servers {
  /** Fastify alone, with one route. */
  bare: string
  /** Two processes of the product on one database. */
  first: string
  second: string
}

/** Sides that take turns, and what is made of them. */
export interface Group {
  sides: readonly Side[]
  ratios: readonly Ratio[]
}

const CONNECTIONS = 64
const CALLS = 6_000
/** The guide's pattern is slow. */
const GUIDE_CALLS = 200
/** For medians of single calls. */
const TIMED_CALLS = 400

/** What a consume costs beside the stack in front of it, and that beside what Fastify itself costs. */
export function stackGroup(world: World, { bare, first }: Servers): Group {
  const { users, keys } = world
  const side = (name: string, url: string, calls: () => Call[]): Side => ({
    run: async () => {
      const load = { url, connections: CONNECTIONS, calls: calls() }
      const { perSecond, p99Ms } = await allowed(world, load)
      return { [rate(name)]: perSecond, [p99(name)]: p99Ms }
    },
  })
  const unmetered = { users, nextKey: () => 'none' }
  const metered = { users, nextKey: () => keys.next() }
  const bareCalls = () => uses(CALLS * 2, '', unmetered).map((call) => ({ ...call, path: '/' }))
  return {
    sides: [
      side('bare route', bare, bareCalls),
      side('no-op', first, () => uses(CALLS, 'bench.noop', unmetered)),
      side('consume over HTTP', first, () => uses(CALLS, 'usage.consume', metered)),
    ],
    ratios: [
      {
        name: 'consumeVsNoop',
        pairs: [[rate('consume over HTTP'), rate('no-op')]],
        atLeast: 0.85,
      },
      { name: 'noopVsBareRoute', pairs: [[rate('no-op'), rate('bare route')]], atLeast: 0.4 },
      {
        name: 'consumeP99VsNoopP99',
        pairs: [[p99('consume over HTTP'), p99('no-op')]],
        atMost: 2,
      },
    ],
  }
}

/** A consume beside the guide's pattern, for users with a long month behind them. */
export function guideGroup(world: World, { first: url }: Servers): Group {
  const { keys } = world
  const side = (name: string, calls: () => Call[]): Side => ({
    run: async () => {
      const { perSecond } = await allowed(world, { url, connections: CONNECTIONS, calls: calls() })
      return { [rate(name)]: perSecond }
    },
  })
  const users = GUIDE_USERS
  const metered = { users, nextKey: () => keys.next() }
  return {
    sides: [
      side('guide', () => uses(GUIDE_CALLS, 'bench.guide', { users, nextKey: () => 'none' })),
      side('consume, 10 users', () => uses(CALLS, 'usage.consume', metered)),
    ],
    ratios: [
      {
        name: 'consumeVsGuide',
        pairs: [[rate('consume, 10 users'), rate('guide')]],
        atLeast: 10,
      },
    ],
  }
}

/**
 * Calls for a user with a short ledger in turn with the same for one with a long one, over one connection: each call is
 * alone, and whatever else the machine does falls on both.
 */
export function growthGroup(world: World, { first: url }: Servers): Group {
  const { keys, ctx } = world
  const today = ctx.clock.now().toISOString().slice(0, 10)
  const range = { from: `${today.slice(0, 8)}01`, to: today }
  const nextKey = () => keys.next()
  const calls: Record<string, (userId: string) => Call[]> = {
    check: (userId) => queries(TIMED_CALLS, 'usage.check', { userId, meter: 'tokens' }),
    consume: (userId) => uses(TIMED_CALLS, 'usage.consume', { users: [userId], nextKey }),
    usage: (userId) => queries(TIMED_CALLS, 'billing.usage', { userId }),
    usageHistory: (userId) => queries(TIMED_CALLS, 'billing.usageHistory', { userId, ...range }),
  }
  const sides = Object.entries(calls).map(([name, callsOf]) => ({
    run: async () => {
      const many = callsOf(MANY.userId)
      const inTurn = callsOf(FEW.userId).flatMap((call, i) => [call, many[i] ?? call])
      const { timesMs } = await allowed(world, { url, connections: 1, calls: inTurn })
      const [few, long] = [0, 1].map((turn) => timesMs.filter((_, i) => i % 2 === turn))
      return {
        [p50(name, FEW.userId)]: percentile(few ?? [], 0.5),
        [p50(name, MANY.userId)]: percentile(long ?? [], 0.5),
      }
    },
  }))
  const pair = (name: string) => [p50(name, FEW.userId), p50(name, MANY.userId)] as const
  return {
    sides,
    ratios: [
      { name: 'growth', pairs: [pair('check'), pair('consume')], atLeast: 0.8 },
      { name: 'dashboardGrowth', pairs: [pair('usage'), pair('usageHistory')], atLeast: 0.8 },
    ],
  }
}

/** One process beside two on the same database, with the same load. */
export function processesGroup(world: World, { first, second }: Servers): Group {
  const { users, keys } = world
  const side = (name: string, url: readonly string[]): Side => ({
    run: async () => {
      const calls = uses(CALLS, 'usage.consume', { users, nextKey: () => keys.next() })
      const { perSecond } = await allowed(world, { url, connections: CONNECTIONS, calls })
      return { [rate(name)]: perSecond }
    },
  })
  return {
    sides: [side('one process', [first]), side('two processes', [first, second])],
    ratios: [
      {
        name: 'twoProcesses',
        pairs: [[rate('two processes'), rate('one process')]],
        atLeast: 0.9,
      },
    ],
  }
}

const rate = (name: string) => `${name}, a second`
const p99 = (name: string) => `${name}, p99 in ms`
const p50 = (name: string, user: string) => `${name} for ${user}, p50 in ms`
