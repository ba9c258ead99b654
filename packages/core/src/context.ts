import { setTimeout as sleep } from 'node:timers/promises'
import type { AnyCatalog, Interval } from './catalog/index.ts'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import type { Database } from './database/index.ts'
import { openDatabase } from './database/index.ts'
import { InboxWriter } from './inbox/inbox-writer.ts'
import type { Logger } from './log.ts'
import { UsageWriter } from './metering/writer/usage-writer.ts'
import { quotaRules } from './quota/index.ts'
import type { StripeGateway, StripeOptions } from './stripe/gateway.ts'
import { openStripe } from './stripe/gateway.ts'
import { noteRefusals } from './stripe/operations/refusals.ts'

/** What differs from one deployment to the next. */
export interface Settings {
  /** Public origin, where Stripe's pages send people back to. */
  appUrl: string
  /** How long a past_due subscription still gives quota, from its oldest open invoice's finalisation. */
  pastDueGraceDays: number
  /** Price ids from the environment, by plan and interval; any other price is found by its lookup key. */
  priceIds: PriceIds
  /** The same for packs, by pack. */
  packPriceIds?: Readonly<Record<string, string>>
  /** How our rows are compared with Stripe. */
  reconcile?: ReconcileSettings
}

export type PriceIds = Readonly<Record<string, { readonly [I in Interval]?: string }>>

export interface ReconcileSettings {
  /** How often to begin, at most; 0: never by itself. */
  everyHours: number
  /** How many requests a second it may make; Stripe allows 100, 25 in test mode. */
  requestsPerSecond: number
}

/** First parameter of every verb: all that it may use beyond its input. The top of core's imports: no store takes it. */
export interface Context<C extends AnyCatalog = AnyCatalog> {
  /** What is metered and sold; its type reaches every verb that takes this context. */
  readonly catalog: C
  readonly db: Database
  readonly stripe: StripeGateway
  readonly clock: Clock
  readonly log: Logger
  readonly settings: Settings
  readonly usage: UsageWriter
  readonly inbox: InboxWriter
}

export interface ContextOptions<C extends AnyCatalog = AnyCatalog> {
  catalog: C
  databaseUrl: string
  stripe: StripeOptions
  settings: Settings
  log: Logger
  clock?: Clock
}

/** Opens everything a process needs. Connections are made at the first use; `closeContext` ends them. */
export function createContext<C extends AnyCatalog>(options: ContextOptions<C>): Context<C> {
  const { catalog, log, settings, clock = systemClock } = options
  const db = openDatabase({ url: options.databaseUrl, log })
  const rules = quotaRules(catalog, settings.pastDueGraceDays)
  const usage = new UsageWriter({ db, clock, log, rules })
  const inbox = new InboxWriter({ db, clock, log })
  const stripe = openStripe({ ...options.stripe, onAnswer: noteRefusals({ db, clock, log }) })
  return { catalog, db, stripe, clock, log, settings, usage, inbox }
}

/** How long what is under way may take at the end. */
const DRAIN_MS = 15_000

/** Finishes what is under way, for at most 15 s, then closes every connection. */
export async function closeContext(ctx: Context): Promise<void> {
  const patience = new AbortController()
  const tooLong = sleep(DRAIN_MS, undefined, { signal: patience.signal }).catch(() => undefined)
  await Promise.race([Promise.all([ctx.usage.drain(), ctx.inbox.drain()]), tooLong])
  patience.abort()
  await ctx.db.close()
}
