import { listAudit, upsertUser } from '@tollgate/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionCaller, Subject } from '../src/index.ts'
import { access, appRouter, toFetchHandler } from '../src/index.ts'
import type { World } from './world.ts'
import { ORIGIN, startWorld } from './world.ts'

// A session acts for itself, and for whom `identify` lists at this request: everything else is denied.

let world: World
beforeAll(async () => {
  world = await startWorld()
  await upsertUser(world.core, { userId: 'acme', email: 'acme@example.com' })
  await world.core.db.pool.query(
    `INSERT INTO users (id, kind, email) VALUES ('account', 'account', 'account@example.com')`,
  )
})
afterAll(() => world.close())

async function addInvoice(): Promise<void> {
  await world.core.db.pool.query(
    `INSERT INTO invoices (id, user_id, customer_id, status, attempted, currency, total, amount_paid, amount_due,
       amount_refunded, created_at, period_start, period_end, hosted_url, pdf_url, synced_at)
     VALUES ('in_1', 'ada', 'cus_1', 'open', true, 'eur', 900, 0, 900, 0, $1, $1, $1, 'https://pay.example.com',
       'https://pdf.example.com', $1)`,
    [world.core.clock.now()],
  )
}

const bob = (subjects?: readonly Subject[]): SessionCaller => ({
  userId: 'bob',
  role: 'customer',
  subjects,
})
const may = (userId: string, access: Subject['access']): Subject => ({
  userId,
  name: userId,
  access,
})

async function call(session: SessionCaller, procedure: string, input: Record<string, unknown>) {
  const handler = toFetchHandler({
    core: world.core,
    origins: [ORIGIN],
    identify: async () => session,
  })
  const isQuery = Reflect.get(appRouter._def.procedures, procedure)._def.type === 'query'
  const path = `http://host.test/api/trpc/${procedure}`
  const json = JSON.stringify(input)
  const request = isQuery
    ? new Request(`${path}?input=${encodeURIComponent(json)}`)
    : new Request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN },
        body: json,
      })
  const answer: unknown = await (await handler(request)).json()
  const failure: unknown = Reflect.get(Object(answer), 'error')
  return failure === undefined ? 'ok' : Reflect.get(Object(failure), 'data').errorCode
}

const QUERIES = [
  'billing.state',
  'billing.subscription',
  'billing.quota',
  'billing.features',
  'billing.grants',
  'billing.usage',
  'billing.invoices',
]

describe('a session', () => {
  it.each(QUERIES)('reads %s of a subject, whatever its access', async (procedure) => {
    for (const access of ['view', 'manage'] as const) {
      const result = await call(bob([may('ada', access)]), procedure, { userId: 'ada' })
      expect(result).toBe('ok')
    }
  })

  it('is FORBIDDEN, in every procedure about a user, for whom it does not list', async () => {
    const about = Object.keys(access).filter((name) => access[name]?.who === 'user')
    expect(about.length).toBeGreaterThan(12)
    for (const procedure of about) {
      const result = await call(bob([may('acme', 'manage')]), procedure, needed(procedure))
      expect([procedure, result]).toEqual([procedure, 'FORBIDDEN'])
    }
    for (const subjects of [undefined, []]) {
      expect(await call(bob(subjects), 'billing.quota', { userId: 'ada' })).toBe('FORBIDDEN')
    }
  })

  it.each(['billing.portal', 'billing.sync', 'billing.cancel', 'billing.resume'])(
    'is FORBIDDEN to %s for a subject that it may only view, and nothing is in the audit log',
    async (procedure) => {
      const before = (await listAudit(world.core)).items.length
      expect(await call(bob([may('ada', 'view')]), procedure, { userId: 'ada' })).toBe('FORBIDDEN')
      expect((await listAudit(world.core)).items).toHaveLength(before)
    },
  )

  it('changes a subject that it manages, with a line of the audit log that says who', async () => {
    expect(await call(bob([may('ada', 'manage')]), 'billing.sync', { userId: 'ada' })).toBe('ok')
    const [entry] = (await listAudit(world.core)).items
    expect(entry).toMatchObject({
      actor: { kind: 'user', id: 'bob' },
      action: 'billing.sync',
      userId: 'ada',
    })
  })

  it('has no line in the audit log for a change of its own', async () => {
    const before = (await listAudit(world.core)).items.length
    await call(bob([may('ada', 'manage')]), 'billing.sync', {})
    await call(bob([may('ada', 'manage')]), 'billing.sync', { userId: 'bob' })
    expect((await listAudit(world.core)).items).toHaveLength(before)
  })

  it('never acts for the sign-in account of somebody else', async () => {
    const session = bob([may('account', 'manage')])
    expect(await call(session, 'billing.quota', { userId: 'account' })).toBe('FORBIDDEN')
    expect(await call(session, 'billing.sync', { userId: 'account' })).toBe('FORBIDDEN')
  })

  it('has the lesser access where a subject is listed twice', async () => {
    const session = bob([may('ada', 'manage'), may('ada', 'view')])
    expect(await call(session, 'billing.cancel', { userId: 'ada' })).toBe('FORBIDDEN')
  })

  it.each<[what: string, subjects: unknown]>([
    ['a list that is none', 'ada'],
    ['no id', [{ name: 'Ada', access: 'view' }]],
    ['an access that does not exist', [{ userId: 'ada', name: 'Ada', access: 'admin' }]],
  ])('with %s is INTERNAL', async (_what, subjects) => {
    const session = { userId: 'bob', role: 'customer', subjects } as SessionCaller
    expect(await call(session, 'billing.quota', {})).toBe('INTERNAL')
  })
})

describe('invoices', () => {
  it('have links for whom a session manages, and none for whom it may only view', async () => {
    await addInvoice()
    const links = async (access: Subject['access']) => {
      const handler = toFetchHandler({
        core: world.core,
        origins: [ORIGIN],
        identify: async () => bob([may('ada', access)]),
      })
      const url = 'http://host.test/api/billing/invoices?userId=ada'
      const page: unknown = await (await handler(new Request(url))).json()
      const items: { hostedUrl: string | null; pdfUrl: string | null }[] = Reflect.get(
        Object(page),
        'items',
      )
      return items.map(({ hostedUrl, pdfUrl }) => [typeof hostedUrl, typeof pdfUrl])
    }
    expect(await links('manage')).toEqual([['string', 'string']])
    expect(await links('view')).toEqual([['object', 'object']])
  })
})

/** An input about ada that is complete, so that nothing but the subject is wrong with it. */
function needed(procedure: string): Record<string, unknown> {
  const fields: Record<string, Record<string, unknown>> = {
    'billing.checkout': { plan: 'team' },
    'billing.changePlan': { plan: 'team' },
    'billing.previewChange': { plan: 'team' },
    'billing.buyPack': { pack: 'gb50' },
    'billing.setOverageCap': { meter: 'gb', amountMinor: null },
    'billing.usageHistory': { from: '2026-11-01', to: '2026-11-02' },
  }
  return { userId: 'ada', ...fields[procedure] }
}
