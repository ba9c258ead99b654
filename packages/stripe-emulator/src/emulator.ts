import { API_VERSION } from './core/account.ts'
import type { Clock } from './core/clock.ts'
import { systemClock, toSeconds, VirtualClock } from './core/clock.ts'
import type { Dunning, MeterProcessing, Settings, TaxOptions } from './core/context.ts'
import { Engine } from './core/engine.ts'
import type { FaultOptions } from './core/faults/emulator-faults.ts'
import { EmulatorFaults } from './core/faults/emulator-faults.ts'
import { RateLimit } from './core/faults/rate-limit.ts'
import { Api } from './http/api.ts'
import { serveControl } from './http/control/routes.ts'
import type { RestrictedKeys } from './http/keys/api-keys.ts'
import { ApiKeys } from './http/keys/api-keys.ts'
import type { Observer } from './http/server.ts'
import { createServer, serveApi } from './http/server.ts'
import { checkVersion } from './http/versions/version.ts'
import { serveDashboard } from './pages/dashboard/routes.ts'
import { servePages } from './pages/routes.ts'
import { Journal } from './persistence/journal.ts'
import { createStore } from './registry/collections.ts'
import { dueWork } from './registry/due-work.ts'
import { endpoints } from './registry/endpoints.ts'
import { expansionsOf } from './registry/older-expansions.ts'
import { accountOf } from './resources/account/account.ts'
import { Retention } from './resources/events/retention.ts'
import { finishAdvance } from './resources/events/test-clock.ts'
import { finalizeEvents } from './webhooks/outbox.ts'
import { WebhookSender } from './webhooks/sender.ts'
import type { WebhookOptions } from './webhooks/targets.ts'

/** The options of an emulator. All are optional. */
export interface EmulatorOptions {
  /** The port to listen on; 0, the default, takes a free one. */
  port?: number | undefined
  /** The address to listen on; 127.0.0.1 by default. */
  host?: string | undefined
  /** The base clock; the machine's clock by default. Advancing the emulator's clock adds to it. */
  clock?: Clock | undefined
  /** Endpoints that get events without being registered through the API. */
  webhooks?: readonly WebhookOptions[] | undefined
  /** A file that keeps the state over restarts and kills; by default the state is in memory only. */
  dataFile?: string | undefined
  /** The only accepted API key; by default every key that begins with `sk_test_` or `rk_test_` is accepted. */
  apiKey?: string | undefined
  /** What restricted keys (`rk_test_…`) may do; by default everything. Can be changed through `emulator.keys`. */
  restrictedKeys?: RestrictedKeys | undefined
  /** Faults to inject; can be changed at any time through `emulator.faults`. */
  faults?: FaultOptions | undefined
  /** Requests a second beyond which the API answers 429 (Stripe: 25 in test mode); by default no limit. */
  rateLimit?: number | undefined
  /** How a failed renewal is retried, and what happens after the last retry. */
  dunning?: Partial<Dunning> | undefined
  /** How many days before a renewal `invoice.upcoming` is sent; 7 by default. */
  upcomingInvoiceDays?: number | undefined
  /** When reported usage is processed: at once by default, after a delay, or not until it is released. */
  meterEvents?: Partial<MeterProcessing> | undefined
  /**
   * Whether the owner of the account has saved the settings of the customer portal: `saved` (the default), or `none`,
   * where a session of the portal without a configuration is refused.
   */
  portalSettings?: 'none' | 'saved' | undefined
  /** The rates of automatic tax, out of 100; 0 by default. */
  tax?: Partial<TaxOptions> | undefined
  /** The API version of requests and events that name none: the pinned one (the default), or an older one. */
  apiVersion?: string | undefined
  /** Is called after every API request with its response, and for every event. */
  observer?: Observer | undefined
}

/** A running emulator. */
export interface StripeEmulator {
  /** `http://127.0.0.1:12111` */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly clock: EmulatorClock
  /** The injected faults. */
  readonly faults: EmulatorFaults
  /** The rate limit in requests a second; null: none. Can be set. */
  readonly rateLimit: { perSecond: number | null }
  /** The restricted keys and their permissions. */
  readonly keys: ApiKeys
  /** What follows a failed renewal. Its fields can be set. */
  readonly dunning: Dunning
  /** When reported usage is processed. Its fields can be set; `POST /_emulator/meters` releases what waits. */
  readonly meterEvents: MeterProcessing
  /** The rates of automatic tax, out of 100. Its fields can be set. */
  readonly tax: TaxOptions
  /** Resolves when every event is delivered or out of attempts. Retries are made at once, without their delays. */
  webhooksSettled(): Promise<void>
  /** Deletes every object, event and idempotency key, and sets the clock back to its base clock. */
  reset(): void
  /** Stops listening and sending, and closes the data file. Safe to call again. */
  stop(): Promise<void>
}

/** The emulator's clock. It only moves forward; advancing it runs the work that becomes due on the way. */
export interface EmulatorClock extends Clock {
  advanceTo(instant: Date): void
  advanceBy(milliseconds: number): void
}

const DEFAULT_DUNNING: Dunning = { retryAfterDays: [3, 5, 7], finally: 'cancel' }
const DEFAULT_UPCOMING_DAYS = 7
const TICK_MS = 1_000

/**
 * Starts an emulator. Resolves when it is listening; rejects when the port is taken (`EADDRINUSE`) or the
 * data file can't be used.
 */
export async function startStripeEmulator(options: EmulatorOptions = {}): Promise<StripeEmulator> {
  const host = options.host ?? '127.0.0.1'
  const settings = settingsOf(options)
  const components = createComponents(options, settings)
  const { store, clock, faults, rateLimit, keys, engine, sender, file } = components
  const server = createServer()
  servePages(server, engine)
  serveDashboard(server, components)
  const { apiKey, dataFile } = options
  const { apiVersion } = settings
  const accountId = () => engine.transact((ctx) => accountOf(ctx).id)
  const watchParams = options.observer?.watchesParams === true
  const parts = { ...components, expansions: expansionsOf, apiKey, accountId, apiVersion }
  const api = new Api({ ...parts, watchParams })
  serveApi(server, { api, endpoints, observer: options.observer ?? {} })
  const fileBytes = () => file.journal?.bytes ?? null
  const reset = () => resetState(components)
  serveControl(server, { ...components, settings, endpoints, fileBytes, reset })
  const url = await server.listen({ host, port: options.port ?? 0 })
  settings.baseUrl = url
  try {
    if (dataFile !== undefined) file.journal = Journal.open({ path: dataFile, store, baseUrl: url })
  } catch (error) {
    await server.close()
    throw error
  }
  clock.setOffset(store.get('clock', 'main')?.offsetMs ?? 0)
  components.retention.restore(toSeconds(clock.now()), [...store.ids('events')])
  sender.resume()
  const ticker = startTicker(engine)
  let stopping: Promise<void> | undefined
  const stop = async () => {
    clearInterval(ticker)
    await server.close()
    await sender.close()
    await file.journal?.close()
  }
  return {
    url,
    host,
    port: Number(new URL(url).port),
    clock: clockOf(engine),
    faults,
    rateLimit,
    keys,
    dunning: settings.dunning,
    meterEvents: settings.meterEvents,
    tax: settings.tax,
    webhooksSettled: () => sender.settled(),
    reset,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

function settingsOf(options: EmulatorOptions): Settings {
  return {
    baseUrl: '',
    dunning: { ...DEFAULT_DUNNING, ...options.dunning },
    hasPortalSettings: options.portalSettings !== 'none',
    upcomingInvoiceDays: options.upcomingInvoiceDays ?? DEFAULT_UPCOMING_DAYS,
    tax: { percentage: 0, byCountry: {}, ...options.tax },
    apiVersion: checkVersion(options.apiVersion ?? API_VERSION),
    meterEvents: { hold: false, delaySeconds: 0, ...options.meterEvents },
  }
}

function createComponents(options: EmulatorOptions, settings: Settings) {
  const store = createStore()
  const base = options.clock ?? systemClock
  const clock = new VirtualClock(base)
  const faults = new EmulatorFaults(options.faults)
  const rateLimit = new RateLimit(options.rateLimit ?? null, base)
  const keys = new ApiKeys(options.restrictedKeys)
  const configured = options.webhooks ?? []
  const newDeliveries: string[] = []
  const file: { journal?: Journal } = {}
  const retention = new Retention()
  const engine = new Engine({
    store,
    clock,
    settings,
    dueWork,
    onTestClockReady: finishAdvance,
    beforeCommit: (ctx) => {
      retention.update(ctx)
      newDeliveries.push(...finalizeEvents(ctx, configured))
      for (const { id } of ctx.events) options.observer?.onEvent?.(store.get('events', id) ?? {})
    },
    persist: (changes) => file.journal?.append(changes),
    durable: () => file.journal?.durable() ?? null,
    afterCommit: () => {
      file.journal?.compactIfGrown()
      sender.enqueue(newDeliveries.splice(0))
    },
  })
  const sender = new WebhookSender({ engine, store, clock: base, configured, faults })
  return { store, clock, faults, rateLimit, keys, engine, sender, file, configured, retention }
}

/** Deletes all documents; webhooks that are being sent still arrive. */
function resetState({ engine, store, retention }: ReturnType<typeof createComponents>): void {
  engine.clock.setOffset(0)
  retention.clear()
  engine.transact(() => {
    for (const name of store.collections) {
      for (const id of [...store.ids(name)]) store.remove(name, id)
    }
  })
}

/** Runs due work once a second, while no request comes. */
function startTicker(engine: Engine): NodeJS.Timeout {
  const ticker = setInterval(() => {
    try {
      engine.catchUp()
    } catch {
      // The next request meets the same error, and returns it.
    }
  }, TICK_MS)
  return ticker.unref()
}

function clockOf(engine: Engine): EmulatorClock {
  return {
    now: () => engine.clock.now(),
    advanceTo: (instant) => engine.advanceTo(instant),
    advanceBy: (milliseconds) =>
      engine.advanceTo(new Date(engine.clock.now().getTime() + milliseconds)),
  }
}
