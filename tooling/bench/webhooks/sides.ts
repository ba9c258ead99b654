import type { Ratio, Side } from '../metering/rounds.ts'
import { percentile } from '../metering/rounds.ts'
import { sendAll, wire } from './load.ts'
import { delivery } from './stripe.ts'
import type { World } from './world.ts'
import { SECRET, untilFinal, WEBHOOK_PATH } from './world.ts'

/** Each waits for its answer before it sends the next request: the same load for whoever is asked. */
const CONNECTIONS = 64

const ACCEPTED = 'accepted a second'
const FINAL = 'final a second'
const ENGINE = 'sync engine, final a second'
const ACK_P50 = 'p50 of a webhook, ms'
const HEALTH_P50 = 'p50 of /healthz, ms'

export const webhookRatios: readonly Ratio[] = [
  { name: 'acceptVsSyncEngine', pairs: [[ACCEPTED, ENGINE]], atLeast: 1.5 },
  { name: 'finalVsSyncEngine', pairs: [[FINAL, ENGINE]], atLeast: 0 },
  { name: 'ackVsHealth', pairs: [[ACK_P50, HEALTH_P50]], atMost: 3 },
]

/** The same events to either side, and as many questions after its health to ours. */
export function webhookSides(world: World): Side[] {
  const { events, tollgate, engine } = world
  return [
    {
      async run() {
        const requests = events.map((event) => delivery(event, WEBHOOK_PATH, SECRET))
        const begin = performance.now()
        const { seconds, latencies } = await sendAll(tollgate.origin, requests, CONNECTIONS)
        await untilFinal(world)
        const finalSeconds = (performance.now() - begin) / 1_000
        return {
          [ACCEPTED]: requests.length / seconds,
          [FINAL]: requests.length / finalSeconds,
          [ACK_P50]: percentile(latencies, 0.5),
        }
      },
    },
    {
      async run() {
        const requests = events.map(() => wire('GET', '/healthz'))
        const { latencies } = await sendAll(tollgate.origin, requests, CONNECTIONS)
        return { [HEALTH_P50]: percentile(latencies, 0.5) }
      },
    },
    {
      // It writes before it answers: what is accepted is final.
      async run() {
        const requests = events.map((event) => delivery(event, '/webhook', SECRET))
        const { seconds } = await sendAll(engine.origin, requests, CONNECTIONS)
        return { [ENGINE]: requests.length / seconds }
      },
    },
  ]
}
