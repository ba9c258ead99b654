import { API_VERSION } from './core/account.ts'
import type { Clock } from './core/clock.ts'
import { systemClock, toSeconds, VirtualClock } from './core/clock.ts'
import type { Dunning, Settings } from './core/context.ts'
import { Engine } from './core/engine.ts'
import type { FaultOptions } from './core/faults/emulator-faults.ts'
import { EmulatorFaults } from './core/faults/emulator-faults.ts'
import { RateLimit } from './core/faults/rate-limit.ts'
import { Api } from './http/api.ts'
import { serveControl } from './http/control/routes.ts'
import type { Observer } from './http/server.ts'
import { createServer, serveApi } from './http/server.ts'
import { checkVersion } from './http/versions/version.ts'
import { serveWatch } from './pages/home/routes.ts'
import { servePages } from './pages/routes.ts'
import { Journal } from './persistence/journal.ts'
import { createStore } from './registry/collections.ts'
import { dueWork } from './registry/due-work.ts'
import { endpoints } from './registry/endpoints.ts'
import { expansionsOf } from './registry/older-expansions.ts'
import { Retention } from './resources/events/retention.ts'
import { arrive } from './resources/events/test-clocks.ts'
import { sealEvents } from './webhooks/outbox.ts'
import { WebhookSender } from './webhooks/sender.ts'
import type { WebhookOptions } from './webhooks/targets.ts'

/** How an emulator is started. Everything has a default. */
export interface EmulatorOptions {
  /** Where to listen; 0, the default, takes any free port. */
  port?: number
  /** A loopback address; 127.0.0.1 by default. */
  host?: string
  /** Where the time comes from; the machine's clock by default. Advancing adds to it. */
  clock?: Clock
  /** Endpoints that are told of events without being registered through the API. */
  webhooks?: readonly WebhookOptions[]
  /** A file that keeps the state over restarts and kills; none: state in memory only. */
  dataFile?: string
  /** The only key that is accepted; by default every key that begins with `sk_test_` is. */
  apiKey?: string
  /** What goes wrong on purpose; can be changed at any time through `emulator.faults`. */
  faults?: FaultOptions
  /** Requests a second beyond which the API answers 429 (Stripe: 25 in test mode); no limit. */
  rateLimit?: number
  /** How a failed renewal is retried, and what happens after the last retry. */
  dunning?: Partial<Dunning>
  /** How many days before a renewal `invoice.upcoming` is sent; 7 by default. */
  upcomingInvoiceDays?: number
  /** The API version of requests and events that name none: the pinned one, or an older one. */
  apiVersion?: string
  /** Is told of every call to the API with its answer, and of every event. */
  observer?: Observer
}

/** A running emulator. */
export interface StripeEmulator {
  /** `http://127.0.0.1:12111` */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly clock: EmulatorClock
  /** Decides what goes wrong, from now on. */
  readonly faults: EmulatorFaults
  /** How many requests a second the API answers, from now on; null: any number. */
  readonly rateLimit: { perSecond: number | null }
  /** What follows a failed renewal, from now on. */
  readonly dunning: Dunning
  /** Resolves when every event was delivered, or its attempts are used up (without their pauses). */
  webhooksSettled(): Promise<void>
  /** Forgets every object, event and key, and lets the clock run with its base again. */
  reset(): void
  /** Stops listening and sending, and closes the data file. Safe to call again. */
  stop(): Promise<void>
}

/** The emulator's time. It only moves forward; moving it does what becomes due on the way. */
export interface EmulatorClock extends Clock {
  advanceTo(instant: Date): void
  advanceBy(milliseconds: number): void
}

const DEFAULT_DUNNING: Dunning = { retryAfterDays: [3, 5, 7], finally: 'cancel' }
const DEFAULT_UPCOMING_DAYS = 7
const TICK_MS = 1_000

/**
 * Starts a local Stripe on loopback. Resolves when it answers; rejects when the port is taken
 * (`EADDRINUSE`) or the data file can't be used.
 */
export async function startStripeEmulator(options: EmulatorOptions = {}): Promise<StripeEmulator> {
  const host = options.host ?? '127.0.0.1'
  const settings = settingsOf(options)
  const machine = parts(options, settings)
  const { store, clock, faults, rateLimit, engine, sender, file } = machine
  const server = createServer()
  servePages(server, engine)
  serveWatch(server, machine)
  const { apiKey, dataFile } = options
  const { apiVersion } = settings
  const api = new Api({ engine, expansions: expansionsOf, faults, rateLimit, apiKey, apiVersion })
  serveApi(server, { api, endpoints, observer: options.observer ?? {} })
  const fileBytes = () => file.journal?.bytes ?? null
  const reset = () => resetState(machine)
  serveControl(server, { ...machine, endpoints, fileBytes, reset })
  const url = await server.listen({ host, port: options.port ?? 0 })
  settings.baseUrl = url
  try {
    if (dataFile !== undefined) file.journal = Journal.open({ path: dataFile, store, baseUrl: url })
  } catch (error) {
    await server.close()
    throw error
  }
  clock.setOffset(store.get('clock', 'main')?.offsetMs ?? 0)
  machine.retention.adopt(
    toSeconds(clock.now()),
    store.newest('events').map(({ id }) => id),
  )
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
    dunning: settings.dunning,
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
    upcomingInvoiceDays: options.upcomingInvoiceDays ?? DEFAULT_UPCOMING_DAYS,
    apiVersion: checkVersion(options.apiVersion ?? API_VERSION),
  }
}

function parts(options: EmulatorOptions, settings: Settings) {
  const store = createStore()
  const base = options.clock ?? systemClock
  const clock = new VirtualClock(base)
  const faults = new EmulatorFaults(options.faults)
  const rateLimit = new RateLimit(options.rateLimit ?? null, base)
  const configured = options.webhooks ?? []
  const sealed: string[] = []
  const file: { journal?: Journal } = {}
  const retention = new Retention()
  const engine = new Engine({
    store,
    clock,
    settings,
    dueWork,
    clockArrived: arrive,
    beforeCommit: (ctx) => {
      retention.keep(ctx)
      sealed.push(...sealEvents(ctx, configured))
      for (const { id } of ctx.events) options.observer?.onEvent?.(store.get('events', id) ?? {})
    },
    persist: (changes) => file.journal?.append(changes),
    durable: () => file.journal?.durable() ?? null,
    afterCommit: () => {
      file.journal?.compactIfGrown()
      sender.enqueue(sealed.splice(0))
    },
  })
  const sender = new WebhookSender({ engine, store, clock: base, configured, faults })
  return { store, clock, faults, rateLimit, engine, sender, file, configured, retention }
}

/** Forgets everything; what is on its way to an endpoint still arrives. */
function resetState({ engine, store, retention }: ReturnType<typeof parts>): void {
  engine.clock.setOffset(0)
  retention.clear()
  engine.transact(() => {
    for (const [name, id] of [...store.everything()]) store.remove(name, id)
  })
}

/** Does what becomes due while nobody asks. */
function startTicker(engine: Engine): NodeJS.Timeout {
  const ticker = setInterval(() => {
    try {
      engine.catchUp()
    } catch {
      // The next request meets the same fault, and answers it.
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
