import type { LimitedCall } from '@tollgate/api'
import { beforeEach, describe, expect, it } from 'vitest'
import { RateLimits } from '../../src/http/rate-limits.ts'

let limits: RateLimits
let now: number

beforeEach(() => {
  now = 0
  limits = new RateLimits(() => now)
})

const from = (ip: string, authorization?: string) => ({
  ip,
  headers: { ...(authorization !== undefined && { authorization }) },
})

const key: LimitedCall['caller'] = { kind: 'key', keyId: 'k1', name: 'app', scopes: [] }
const nobody: LimitedCall['caller'] = { kind: 'anonymous' }

/** How many of so many requests come through. */
function taken(count: number, request: () => void): number {
  let through = 0
  for (let n = 0; n < count; n++) {
    try {
      request()
      through += 1
    } catch (error) {
      expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 })
    }
  }
  return through
}

describe('requests of one address', () => {
  it('are bounded, others are not affected, and the next minute is new', () => {
    expect(taken(7_000, () => limits.onRequest(from('1.2.3.4')))).toBe(6_000)
    expect(taken(10, () => limits.onRequest(from('1.2.3.5')))).toBe(10)
    now = 60_000
    expect(taken(10, () => limits.onRequest(from('1.2.3.4')))).toBe(10)
  })

  it('are those of a whole IPv6 network', () => {
    let n = 0
    const request = () => limits.onRequest(from(`2001:db8::${(n++ % 9_999).toString(16)}`))
    expect(taken(7_000, request)).toBe(6_000)
  })

  it('are no more with an Authorization header that is made up', () => {
    let n = 0
    expect(taken(7_000, () => limits.onRequest(from('1.2.3.4', `Bearer tg_${n++}`)))).toBe(6_000)
  })

  it('weigh as the calls in them', () => {
    const batch = () => {
      limits.onRequest(from('1.2.3.4'))
      limits.onCall(from('1.2.3.4'), { caller: nobody, calls: 100 })
    }
    expect(taken(100, batch)).toBe(60)
  })
})

describe('requests with a good key', () => {
  const send = (authorization = 'Bearer good') => {
    limits.onRequest(from('1.2.3.4', authorization))
    limits.onCall(from('1.2.3.4', authorization), { caller: key, calls: 10 })
  }

  it('count at the key, not at the address', () => {
    expect(taken(70_000, send)).toBe(60_000)
    expect(taken(10, () => limits.onRequest(from('1.2.3.4')))).toBe(10)
  })

  it('come through where others at their address have used it up', () => {
    send()
    taken(7_000, () => limits.onRequest(from('1.2.3.4', 'Bearer bad')))
    expect(taken(10, () => send())).toBe(10)
    expect(taken(10, () => send('Bearer other'))).toBe(0)
  })
})
