import type { AnyCatalog, Context } from '@tollgate/core'
import {
  createApiKey,
  grantAdmin,
  grantCredits,
  prepareQueue,
  pushPlans,
  receiveWebhook,
  recordUsage,
  reserveUsage,
  scopes,
  upsertUser,
} from '@tollgate/core'
import { catalog } from '@tollgate/testing/catalog'
import { z } from 'zod'
import type { TestServer } from '../harness.ts'
import { APP_URL, apiKey, signUp, startServer } from '../harness.ts'
import { signatureOf, subscribe, subscribeUnheard } from '../kill/payer.ts'
import type { KnownValues } from './inputs.ts'
import { cursorsOf } from './reads.ts'

export type CallerName = 'anonymous' | 'customer' | 'admin' | 'key' | 'guest'

export interface FuzzWorld {
  server: TestServer
  /** The errors that the server logged, by the id of the request. */
  errors: ReadonlyMap<string, string>
  /** What proves each caller. Guests are signed in, and may sign out or break their accounts: there are several. */
  headers: Record<CallerName, readonly Record<string, string>[]>
  /** What exists, to be named in inputs. */
  known: KnownValues
  /** An event as Stripe sends it. */
  event: Record<string, unknown>
}

const GUESTS = 10

/** The guide's catalogue, with features that no plan names. */
const sold: AnyCatalog = {
  ...catalog,
  features: {
    sso: { name: 'Single sign-on', type: 'boolean' },
    projects: { name: 'Projects', type: 'number' },
  },
  featureIds: ['sso', 'projects'],
}

/**
 * A server with a Stripe that sells; two payers, one of them signed in, subjects with and without an unheard subscription,
 * an admin and an API key; and what they have: uses, reservations, credits, another key and an event in the inbox.
 */
export async function startFuzzWorld(): Promise<FuzzWorld> {
  const errors = new Map<string, string>()
  const server = await startServer({ catalog: sold, onLog: (line) => noteError(errors, line) })
  const { core } = server
  await prepareQueue(core)
  await pushPlans(core, { dryRun: false })
  const customer = await signUp(server, 'customer@example.com')
  const admin = await signUp(server, 'admin@example.com')
  const guests = await Promise.all(
    Array.from({ length: GUESTS }, (_, i) => signUp(server, `guest${i}@example.com`)),
  )
  await grantAdmin(core, { userId: admin.userId })
  for (const userId of ['payer', 'nothing', 'unheard']) {
    await upsertUser(core, { userId, email: `${userId}@example.com`, name: userId })
  }
  const payers = ['payer', customer.userId]
  for (const userId of payers) await subscribe({ core }, { userId, plan: 'pro' })
  const event = await subscribeUnheard({ core }, { userId: 'unheard', plan: 'basic' })
  const rawBody = Buffer.from(event.body)
  await receiveWebhook(core, { rawBody, signature: signatureOf({ core }, event.body) })
  const session = (cookie: string) => ({ cookie, origin: APP_URL })
  return {
    server,
    errors,
    headers: {
      anonymous: [{}],
      customer: [session(customer.cookie)],
      admin: [session(admin.cookie)],
      guest: guests.map(({ cookie }) => session(cookie)),
      key: [{ authorization: `Bearer ${await apiKey(core, scopes)}` }],
    },
    known: new Map([
      ...(await knownValues(core, { payers, guests: guests.map(({ userId }) => userId) })),
      ['eventId', [event.id]],
    ]),
    event: JSON.parse(event.body),
  }
}

const logLine = z.object({
  reqId: z.string(),
  level: z.number().min(50),
  err: z.object({ stack: z.string() }),
})

function noteError(errors: Map<string, string>, line: string): void {
  const { data } = logLine.safeParse(JSON.parse(line))
  if (data) errors.set(data.reqId, data.err.stack)
}

async function knownValues(
  core: Context,
  { payers, guests }: { payers: readonly string[]; guests: readonly string[] },
): Promise<KnownValues> {
  const usageId: string[] = []
  const reservationId: (string | null)[] = []
  for (const userId of payers) {
    for (const key of ['one', 'two', 'three', 'four']) {
      const use = { userId, meter: 'tokens', amount: 3, idempotencyKey: key } as const
      usageId.push((await recordUsage(core, use)).usageId)
      const reserved = await reserveUsage(core, { ...use, idempotencyKey: `held ${key}` })
      reservationId.push(reserved.reservationId)
    }
  }
  const createdBy = { kind: 'command', id: 'test' } as const
  const grantId: string[] = []
  for (const idempotencyKey of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const gift = { userId: 'payer', meter: 'tokens', amount: 5, reason: 'a gift' } as const
    grantId.push((await grantCredits(core, { ...gift, idempotencyKey, actor: createdBy })).id)
  }
  const { id } = await createApiKey(core, { name: 'spare', scopes: scopes, createdBy })
  const known = {
    userId: [...payers, ...guests.slice(0, 2), 'nothing', 'nobody'],
    meter: catalog.meterIds,
    plan: catalog.planIds,
    feature: sold.featureIds,
    currency: ['usd'],
    email: ['guest0@example.com', 'new@example.com', 'customer@example.com'],
    // As `signUp` has it.
    password: ['a long password'],
    idempotencyKey: ['one', 'five', 'six', 'held one'],
    usageId,
    reservationId,
    grantId,
    id: [id],
    cursor: await cursorsOf(core, String(payers[0])),
  }
  return new Map(Object.entries(known))
}
