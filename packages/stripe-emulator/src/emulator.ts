import { type Clock, systemClock, VirtualClock } from './core/clock.ts'
import type { Dunning, Settings } from './core/context.ts'
import { Engine } from './core/engine.ts'
import type { Faults } from './core/faults.ts'
import { Api } from './http/api.ts'
import { createServer, serveApi } from './http/server.ts'
import { servePages } from './pages/routes.ts'
import { Journal } from './persistence/journal.ts'
import { createStore } from './registry/collections.ts'
import { dueWork } from './registry/due-work.ts'
import { endpoints } from './registry/endpoints.ts'
import { expansions } from './registry/expansions.ts'
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
  faults?: Faults
  /** How a failed renewal is retried, and what happens after the last retry. */
  dunning?: Partial<Dunning>
}

/** A running emulator. */
export interface StripeEmulator {
  /** `http://127.0.0.1:12111` */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly clock: EmulatorClock
  /** Decides what goes wrong, from now on. */
  readonly faults: Faults
  /** Resolves when every event was delivered, or its attempts are used up (without their pauses). */
  webhooksSettled(): Promise<void>
  /** Stops listening and sending, and closes the data file. Safe to call again. */
  stop(): Promise<void>
}

/** The emulator's time. It only moves forward; moving it does what becomes due on the way. */
export interface EmulatorClock extends Clock {
  advanceTo(instant: Date): void
  advanceBy(milliseconds: number): void
}

const DEFAULT_DUNNING: Dunning = { retryAfterDays: [3, 5, 7], finally: 'cancel' }
const TICK_MS = 1_000

function clockOf(engine: Engine): EmulatorClock {
  return {
    now: () => engine.clock.now(),
    advanceTo: (instant) => engine.advanceTo(instant),
    advanceBy: (milliseconds) =>
      engine.advanceTo(new Date(engine.clock.now().getTime() + milliseconds)),
  }
}

function parts(options: EmulatorOptions, settings: Settings) {
  const store = createStore()
  const base = options.clock ?? systemClock
  const clock = new VirtualClock(base)
  const faults: Faults = options.faults ?? {}
  const configured = options.webhooks ?? []
  const sealed: string[] = []
  const file: { journal?: Journal } = {}
  const engine = new Engine({
    store,
    clock,
    settings,
    dueWork,
    clockArrived: arrive,
    beforeCommit: (ctx) => sealed.push(...sealEvents(ctx, configured)),
    persist: (changes) => file.journal?.append(changes),
    afterCommit: () => sender.enqueue(sealed.splice(0)),
  })
  const sender = new WebhookSender({ engine, store, clock: base, configured, faults })
  return { store, clock, faults, engine, sender, file }
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

/**
 * Starts a local Stripe on loopback. Resolves when it answers; rejects when the port is taken
 * (`EADDRINUSE`) or the data file can't be used.
 */
export async function startStripeEmulator(options: EmulatorOptions = {}): Promise<StripeEmulator> {
  const host = options.host ?? '127.0.0.1'
  const settings: Settings = { baseUrl: '', dunning: { ...DEFAULT_DUNNING, ...options.dunning } }
  const { store, clock, faults, engine, sender, file } = parts(options, settings)
  const server = createServer()
  servePages(server, engine)
  serveApi(server, new Api({ engine, expansions, faults, apiKey: options.apiKey }), endpoints)
  const url = await server.listen({ host, port: options.port ?? 0 })
  settings.baseUrl = url
  try {
    if (options.dataFile !== undefined) file.journal = Journal.open(options.dataFile, store, url)
  } catch (error) {
    await server.close()
    throw error
  }
  clock.setOffset(store.get('clock', 'main')?.offsetMs ?? 0)
  sender.resume()
  const ticker = startTicker(engine)
  let stopping: Promise<void> | undefined
  const stop = async () => {
    clearInterval(ticker)
    await server.close()
    await sender.close()
    file.journal?.close()
  }
  return {
    url,
    host,
    port: Number(new URL(url).port),
    clock: clockOf(engine),
    faults,
    webhooksSettled: () => sender.settled(),
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}
