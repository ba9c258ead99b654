import { access, appRouter } from '@tollgate/api'
import {
  createApiKey,
  createCheckout,
  grantAdmin,
  pushPlans,
  recordUsage,
  reserveUsage,
  scopes,
  startWorker,
} from '@tollgate/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Answer, TestServer } from './harness.ts'
import { APP_URL, addSubscriber, apiKey, rowCounts, send, signUp, startServer } from './harness.ts'
import type { CallerName, Row, Things } from './who-may-call-table.ts'
import { callers, whoMayCall } from './who-may-call-table.ts'

let server: TestServer
let things: Things
const cookies = { customer: '', otherCustomer: '', admin: '' }
const keysWith = new Map<string, string>()
const keysWithout = new Map<string, string>()
let serial = 0

beforeAll(async () => {
  server = await startServer()
  const { core } = server
  // It makes the queue, which the inbox is listed with.
  await (await startWorker(core)).stop()
  const customer = await signUp(server, 'customer@example.com')
  cookies.customer = customer.cookie
  cookies.otherCustomer = (await signUp(server, 'other@example.com')).cookie
  const admin = await signUp(server, 'admin@example.com')
  cookies.admin = admin.cookie
  await grantAdmin(core, { userId: admin.userId })
  for (const scope of scopes) {
    keysWith.set(scope, await apiKey(core, [scope]))
    keysWithout.set(
      scope,
      await apiKey(
        core,
        scopes.filter((each) => each !== scope),
      ),
    )
  }
  things = await makeThings(customer.userId)
})

/** Stripe has to know the customer, and there has to be something to settle, void and revoke. */
async function makeThings(userId: string): Promise<Things> {
  const { core } = server
  await pushPlans(core, { dryRun: false })
  await createCheckout(core, { userId, plan: 'pro' })
  const fresh = () => `key ${serial++}`
  const meteredId = 'metered'
  await addSubscriber(core, meteredId)
  const use = { userId: meteredId, meter: 'tokens', amount: 1 } as const
  const { usageId } = await recordUsage(core, { ...use, idempotencyKey: fresh() })
  const reserved = await reserveUsage(core, { ...use, idempotencyKey: fresh() })
  if (reserved.reservationId === null) throw new Error('nothing was reserved')
  const createdBy = { kind: 'command', id: 'test' } as const
  const key = await createApiKey(core, { name: 'to revoke', scopes: ['usage:read'], createdBy })
  return {
    userId,
    meteredId,
    usageId,
    reservationId: reserved.reservationId,
    keyId: key.id,
    accountId: (await signUp(server, 'account@example.com')).userId,
    erasableId: (await signUp(server, 'erasable@example.com')).userId,
    fresh,
  }
}

afterAll(() => server.close())

// More calls that ask Stripe than one user may make in this time; how many that is has tests of its own.
beforeEach(() => server.core.db.pool.query('DELETE FROM stripe_call_limits'))

/** A caller's headers; those of a foreign page or a form carry the cookie of whoever may do the most. */
function headersOf(caller: CallerName, { expected, scope }: Row): Record<string, string> {
  const own = { origin: APP_URL }
  const mightiest = expected.customer === 'ok' ? cookies.customer : cookies.admin
  switch (caller) {
    case 'nobody':
      return own
    case 'customer':
    case 'otherCustomer':
    case 'admin':
      return { ...own, cookie: cookies[caller] }
    case 'keyWithScope':
      return { authorization: `Bearer ${keysWith.get(scope ?? 'billing:write')}` }
    case 'keyWithoutScope':
      return { authorization: `Bearer ${keysWithout.get(scope ?? 'billing:write')}` }
    case 'foreignOrigin':
      return { origin: 'https://evil.example', cookie: mightiest }
    case 'formEncoded':
      return {
        ...own,
        cookie: mightiest,
        'content-type': 'application/x-www-form-urlencoded',
      }
  }
}

function callTrpc(procedure: string, row: Row, caller: CallerName): Promise<Answer> {
  const headers = headersOf(caller, row)
  const url = `${server.url}/api/trpc/${procedure}`
  if (caller === 'formEncoded') return send(url, { method: 'POST', headers, body: 'a=b' })
  const input = JSON.stringify(row.input)
  if (row.type === 'mutation') return send(url, { method: 'POST', headers, body: input })
  return send(`${url}?input=${encodeURIComponent(input)}`, { headers })
}

function callRest(rest: string, { input, ...row }: Row, caller: CallerName): Promise<Answer> {
  const [method = '', path = ''] = rest.split(' ')
  const headers = headersOf(caller, { ...row, input })
  const url = `${server.url}${path.replace('{userId}', String(input['userId']))}`
  if (caller === 'formEncoded') {
    return send(url, { method: method === 'PUT' ? 'PUT' : 'POST', headers, body: 'a=b' })
  }
  if (method !== 'GET') return send(url, { method, headers, body: JSON.stringify(input) })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) query.set(name, String(value))
  return send(`${url}?${query}`, { headers })
}

/** What each caller gets, as the table writes it. */
async function outcomes(ask: (caller: CallerName) => Promise<Answer>, { meets }: Row) {
  const found: Partial<Record<CallerName, string>> = {}
  for (const caller of callers) {
    const { errorCode } = await ask(caller)
    found[caller] = errorCode === null || errorCode === meets ? 'ok' : errorCode
  }
  return found
}

/** tRPC tells a form from a read by its cookie alone, before it looks at the procedure. */
function overTrpc({ expected, type }: Row) {
  return type === 'query' ? { ...expected, formEncoded: 'FORBIDDEN' } : expected
}

const placeholders: Things = {
  userId: '',
  meteredId: '',
  usageId: '',
  reservationId: '',
  keyId: '',
  accountId: '',
  erasableId: '',
  fresh: () => '',
}
const table: Record<string, Row> = whoMayCall(placeholders)
const rowOf = (procedure: string): Row => {
  const row: Row | undefined = (whoMayCall(things) as Record<string, Row>)[procedure]
  if (!row) throw new Error(`no row for ${procedure}`)
  return row
}

describe('the table', () => {
  it('has every procedure of the router, and so has the table that decides', () => {
    const procedures = Object.keys(appRouter._def.procedures).sort()
    expect(Object.keys(table).sort()).toEqual(procedures)
    expect(Object.keys(access).sort()).toEqual(procedures)
  })

  it('has every path of REST', async () => {
    const { body } = await send(`${server.url}/api/openapi.json`, {})
    const { paths } = body as { paths: Record<string, Record<string, unknown>> }
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const listed = Object.values(table).flatMap(({ rest }) => (rest === undefined ? [] : [rest]))
    expect(documented.sort()).toEqual(listed.sort())
  })
})

describe('who may call over tRPC', () => {
  it.each(Object.keys(table))('%s', async (procedure) => {
    const row = rowOf(procedure)
    const found = await outcomes((caller) => callTrpc(procedure, rowOf(procedure), caller), row)
    expect(found).toEqual(overTrpc(row))
  })
})

describe('who may call over REST', () => {
  const listed = Object.entries(table).filter(([, row]) => row.rest !== undefined)
  it.each(listed.map(([procedure]) => procedure))('%s', async (procedure) => {
    const row = rowOf(procedure)
    const found = await outcomes(
      (caller) => callRest(row.rest ?? '', rowOf(procedure), caller),
      row,
    )
    expect(found).toEqual(row.expected)
  })
})

describe('a page of a foreign origin', () => {
  it('is not shown the answer to what it asks with a cookie, and a trusted page is', async () => {
    const url = `${server.url}/api/billing/subscription`
    const foreign = await send(url, {
      headers: { origin: 'https://evil.example', cookie: cookies.customer },
    })
    const own = await send(url, { headers: { origin: APP_URL, cookie: cookies.customer } })
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
    expect(own.headers.get('access-control-allow-origin')).toBe(APP_URL)
    expect(own.headers.get('access-control-allow-credentials')).toBe('true')
  })
})

describe('an Authorization header', () => {
  it('makes the cookie beside it count for nothing', async () => {
    const { errorCode } = await send(`${server.url}/api/billing/subscription`, {
      headers: { cookie: cookies.customer, authorization: 'Bearer tg_unknown' },
    })
    expect(errorCode).toBe('UNAUTHENTICATED')
  })

  it('that is not a key is refused, for what is public too', async () => {
    for (const authorization of ['Bearer tg_unknown', 'Basic dTpw', 'tg_unknown']) {
      const { errorCode } = await send(`${server.url}/api/trpc/billing.plans`, {
        headers: { authorization },
      })
      expect(errorCode).toBe('UNAUTHENTICATED')
    }
  })
})

describe('a refused call', () => {
  it('changes nothing, whatever it asked for and however it was sent', async () => {
    const before = await rowCounts(server.core)
    for (const procedure of Object.keys(table)) {
      const row = rowOf(procedure)
      const refused = callers.filter((caller) => row.expected[caller] !== 'ok')
      for (const caller of refused) {
        await callTrpc(procedure, row, caller)
        if (row.rest !== undefined) await callRest(row.rest, row, caller)
      }
    }
    expect(await rowCounts(server.core)).toEqual(before)
  })
})
