import type { Listening } from '@tollgate/testing/listen'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FetchHandler } from '../../src/index.ts'
import { toFetchHandler } from '../../src/index.ts'
import type { World } from '../world.ts'
import { ORIGIN, signedIn, startWorld } from '../world.ts'
import { takesCalls } from './calls.ts'
import { serve } from './node-adapter.ts'

let world: World
let billing: FetchHandler
let server: Listening

beforeAll(async () => {
  world = await startWorld()
  billing = toFetchHandler({
    core: world.core,
    origins: [ORIGIN],
    identify: async ({ headers }) => signedIn(headers.get('cookie')),
  })
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('x-host', 'hono')
  })
  for (const path of [
    '/api/trpc/*',
    '/api/billing/*',
    '/api/usage/*',
    '/api/users/*',
    '/api/openapi.json',
  ]) {
    app.all(path, (c) => billing(c.req.raw))
  }
  app.post('/api/reports', async (c) => c.json({ host: await c.req.parseBody() }))
  app.get('/api/broken', () => {
    throw new HTTPException(418, { message: 'broken' })
  })
  app.onError((error, c) => c.json({ host: error.message }, 418))
  app.notFound((c) => c.json({ host: 'nothing' }, 404))
  server = await serve(async (request) => app.fetch(request))
})

afterAll(async () => {
  await server.close()
  await billing.close()
  await world.close()
})

takesCalls(() => ({ url: server.url, world }))

describe('what is the Hono app’s own', () => {
  it('stays as it was: routes, form parsing, errors, unknown addresses, middleware', async () => {
    const form = new URLSearchParams({ a: 'b' })
    const reports = await fetch(`${server.url}/api/reports`, { method: 'POST', body: form })
    expect(await reports.json()).toEqual({ host: { a: 'b' } })
    const broken = await fetch(`${server.url}/api/broken`)
    expect([broken.status, await broken.json()]).toEqual([418, { host: 'broken' }])
    const nothing = await fetch(`${server.url}/api/nothing`)
    expect([nothing.status, await nothing.json()]).toEqual([404, { host: 'nothing' }])
    const plans = await fetch(`${server.url}/api/billing/plans`)
    expect(plans.headers.get('x-host')).toBe('hono')
  })
})
