import type { Listening } from '@tollgate/testing/listen'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FetchHandler } from '../../src/index.ts'
import { toFetchHandler } from '../../src/index.ts'
import type { World } from '../world.ts'
import { ORIGIN, signedIn, startWorld } from '../world.ts'
import { takesCalls } from './calls.ts'
import { NextLikeRequest, serve } from './node-adapter.ts'

// A route handler as Next.js has them, in `app/api/[...path]/route.ts`: a function per method.

let world: World
let billing: FetchHandler
let server: Listening
const identified: Request[] = []

type Route = (request: NextLikeRequest, context: { params: Promise<object> }) => Promise<Response>

beforeAll(async () => {
  world = await startWorld()
  billing = toFetchHandler({
    core: world.core,
    origins: [ORIGIN],
    identify: async (request) => {
      identified.push(request)
      return signedIn(request.headers.get('cookie'))
    },
  })
  const GET: Route = billing
  const route: Record<string, Route> = { GET, HEAD: GET, POST: billing, PUT: billing }
  server = await serve(async (request) => {
    const handle = route[request.method]
    if (!handle || !(request instanceof NextLikeRequest)) return new Response(null, { status: 405 })
    return handle(request, { params: Promise.resolve({ path: [] }) })
  })
})

afterAll(async () => {
  await server.close()
  await billing.close()
  await world.close()
})

takesCalls(() => ({ url: server.url, world }))

describe('the sign-in of a Next.js app', () => {
  it('gets the very request that the route handler got', async () => {
    identified.length = 0
    await fetch(`${server.url}/api/billing/quota?x=1`)
    expect(identified).toEqual([expect.any(NextLikeRequest)])
    expect(identified[0]?.url).toBe(`${server.url}/api/billing/quota?x=1`)
  })
})
