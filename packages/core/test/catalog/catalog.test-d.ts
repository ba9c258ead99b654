// What one declaration types, and what it does not let through: checked by the compiler alone.
import type { Context, MeterOf, PlanOf } from '../../src/index.ts'
import {
  can,
  checkUsage,
  consumeUsage,
  definePlans,
  getFeatures,
  getUsageHistory,
  listUsageEvents,
  meterHelpers,
  recordUsage,
  recordUsageBatch,
  reserveUsage,
  setFeature,
  setQuota,
} from '../../src/index.ts'

const price = { month: { usd: 900 } } as const

export const catalog = definePlans({
  meters: {
    minutes: { name: 'Minutes', unit: ['minute', 'minutes'] },
    gb: { name: 'Storage', unit: ['GB', 'GB'] },
  },
  features: {
    sso: { name: 'Single sign-on' },
    audit: { name: 'Audit log', type: 'boolean' },
    seats: { name: 'Seats', type: 'number' },
  },
  plans: {
    starter: { name: 'Starter', description: '', price, limits: { minutes: 60, gb: 'none' } },
    team: { name: 'Team', description: '', price, limits: { minutes: 'unlimited', gb: 100 } },
  },
})

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
export const names: [
  Equal<MeterOf<typeof catalog>, 'minutes' | 'gb'>,
  Equal<PlanOf<typeof catalog>, 'starter' | 'team'>,
] = [true, true]

const who = { userId: 'u', idempotencyKey: 'k' }
const actor = { kind: 'admin', id: 'a' } as const

/** The right names, and those of the result. */
export async function right(ctx: Context<typeof catalog>) {
  const consumed = await consumeUsage(ctx, { ...who, meter: 'minutes', amount: 1 })
  const meter: 'minutes' | 'gb' = consumed.balance.meter
  await recordUsage(ctx, { ...who, meter, amount: 1 })
  await reserveUsage(ctx, { ...who, meter: 'gb', amount: 1 })
  await checkUsage(ctx, { userId: 'u', meter: 'gb' })
  await recordUsageBatch(ctx, { events: [{ ...who, meter: 'gb', amount: 1 }] })
  await setQuota(ctx, { userId: 'u', meter: 'gb', limit: 5, reason: 'r', actor })
  await listUsageEvents(ctx, { userId: 'u', meter: 'minutes' })
  await getUsageHistory(ctx, { userId: 'u', from: '', to: '', meter: 'minutes' })
  const all = await getFeatures(ctx, { userId: 'u' })
  const typed: Equal<typeof all, { sso: boolean; audit: boolean; seats: number }> = true
  const seats: number = await can(ctx, { userId: 'u', feature: 'seats' })
  const sso: boolean = await can(ctx, { userId: 'u', feature: 'sso' })
  await setFeature(ctx, {
    userId: 'u',
    feature: 'seats',
    value: sso ? seats : 0,
    reason: 'r',
    actor,
  })
  return [meterHelpers(catalog).minutes, typed]
}

/** Wrong features. */
export async function wrongFeatures(ctx: Context<typeof catalog>) {
  // @ts-expect-error saml is no feature
  await can(ctx, { userId: 'u', feature: 'saml' })
  // @ts-expect-error seats is a number
  const seats: boolean = await can(ctx, { userId: 'u', feature: 'seats' })
  // @ts-expect-error saml is no feature
  await setFeature(ctx, { userId: 'u', feature: 'saml', value: true, reason: 'r', actor })
  return seats
}

/** Wrong names. */
export async function wrong(ctx: Context<typeof catalog>) {
  // @ts-expect-error hours is no meter
  await consumeUsage(ctx, { ...who, meter: 'hours', amount: 1 })
  // @ts-expect-error hours is no meter
  await recordUsage(ctx, { ...who, meter: 'hours', amount: 1 })
  // @ts-expect-error hours is no meter
  await reserveUsage(ctx, { ...who, meter: 'hours', amount: 1 })
  // @ts-expect-error hours is no meter
  await checkUsage(ctx, { userId: 'u', meter: 'hours' })
  // @ts-expect-error hours is no meter
  await recordUsageBatch(ctx, { events: [{ ...who, meter: 'hours', amount: 1 }] })
  // @ts-expect-error hours is no meter
  await setQuota(ctx, { userId: 'u', meter: 'hours', limit: 5, reason: 'r', actor })
  // @ts-expect-error hours is no meter
  await listUsageEvents(ctx, { userId: 'u', meter: 'hours' })
  // @ts-expect-error hours is no meter
  await getUsageHistory(ctx, { userId: 'u', from: '', to: '', meter: 'hours' })
  // @ts-expect-error hours is no meter
  return meterHelpers(catalog).hours
}

/** Where the catalogue is not known, a meter is any text. */
export async function unknown(ctx: Context) {
  await consumeUsage(ctx, { ...who, meter: 'hours', amount: 1 })
  const value: boolean | number = await can(ctx, { userId: 'u', feature: 'saml' })
  return value
}

const meters = { minutes: { name: 'Minutes', unit: ['minute', 'minutes'] } } as const
const named = { name: 'Plan', description: '' }

export const mistakes = [
  () =>
    definePlans({
      meters: { ...meters, gb: { name: 'Storage', unit: ['GB', 'GB'] } },
      // @ts-expect-error a plan that lacks a meter
      plans: { team: { ...named, price, limits: { minutes: 5 } } },
    }),
  () =>
    definePlans({
      meters,
      // @ts-expect-error a limit of a meter that there is not
      plans: { team: { ...named, price, limits: { minutes: 5, hours: 5 } } },
    }),
  () =>
    definePlans({
      meters,
      // @ts-expect-error a limit in words that mean nothing
      plans: { team: { ...named, price, limits: { minutes: 'plenty' } } },
    }),
  () =>
    definePlans({
      meters,
      // @ts-expect-error a feature that is not declared
      plans: { team: { ...named, price, limits: { minutes: 5 }, features: { sso: true } } },
      features: { audit: { name: 'Audit log' } },
    }),
  () =>
    definePlans({
      meters,
      // @ts-expect-error a feature of the other type
      plans: { team: { ...named, price, limits: { minutes: 5 }, features: { seats: true } } },
      features: { seats: { name: 'Seats', type: 'number' } },
    }),
  () =>
    definePlans({
      meters,
      plans: { team: { ...named, price, limits: { minutes: 5 } } },
      // @ts-expect-error a pack of a meter that there is not
      packs: { big: { name: 'Big', meter: 'hours', amount: 5, price: { usd: 5 } } },
    }),
  () =>
    definePlans({
      // @ts-expect-error a unit of one word
      meters: { minutes: { name: 'Minutes', unit: ['minute'] } },
      plans: { team: { ...named, price, limits: { minutes: 5 } } },
    }),
]
