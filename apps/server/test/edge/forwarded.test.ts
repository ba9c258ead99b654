import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { catalog } from '@tollgate/testing/catalog'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProxy } from '../../src/config/check-proxy.ts'
import { readEnv } from '../../src/config/env.ts'
import { limitedAddress } from '../../src/http/listener/address.ts'
import { settleForwarded, trustOf } from '../../src/http/listener/forwarded.ts'

const complete = {
  DATABASE_URL: 'postgresql://user:password@localhost:5432/tollgate',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
  AUTH_SECRET: 'a secret of thirty-two characters!',
}

const proxies = (TRUST_PROXY: string) => readEnv({ ...complete, TRUST_PROXY }, catalog).trustProxy

/** The headers of a request from this peer, once they are settled. */
function settled(trusted: string, peer: string, headers: Record<string, string>) {
  const request = { headers: { ...headers }, socket: { remoteAddress: peer } as Socket }
  settleForwarded(request as unknown as IncomingMessage, trustOf(proxies(trusted)))
  return request.headers
}

const callerOf = (trusted: string, peer: string, chain: string) =>
  settled(trusted, peer, { 'x-forwarded-for': chain })['x-forwarded-for']

describe('TRUST_PROXY', () => {
  it.each([
    ['an address', '10.0.0.1'],
    ['several, and blocks', '10.0.0.1, 192.168.0.0/16 ,2001:db8::/32,::1'],
    ['loopback', 'loopback'],
    ['hops', '2'],
    ['nothing', ''],
  ])('takes %s', (_what, text) => {
    expect(() => proxies(text)).not.toThrow()
  })

  it.each([
    'true',
    '0',
    '17',
    '-1',
    '10.0.0',
    '10.0.0.1/33',
    '10.0.0.1/0',
    '::/0',
    '10.0.0.1/8/8',
    'proxy.example.com',
    '1.5',
    ',',
    'loopback,',
    '10.0.0.1/',
  ])('refuses %j in one line, without saying it', (text) => {
    expect(() => proxies(text)).toThrow(/^TRUST_PROXY must be addresses and CIDR blocks.*$/)
  })

  it('is missed by the doctor where APP_URL is https, and a proxy must be there', () => {
    const https = { appUrl: 'https://app.example.com' }
    expect(checkProxy({ ...https, trustProxy: proxies('') })).toMatchObject({ ok: false })
    expect(checkProxy({ ...https, trustProxy: proxies('loopback') })).toMatchObject({ ok: true })
    expect(checkProxy({ ...https, trustProxy: proxies('1') })).toMatchObject({ ok: true })
    const http = { appUrl: 'http://127.0.0.1:3000', trustProxy: proxies('') }
    expect(checkProxy(http)).toMatchObject({ ok: true })
  })
})

describe('the caller', () => {
  it.each<[what: string, trusted: string, peer: string, chain: string, caller: string]>([
    ['is the peer where nobody is trusted', '', '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['is the peer where another is trusted', '10.0.0.2', '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['is whom a trusted peer names', '10.0.0.1', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    [
      'is the last that it names, not what was sent to it',
      '10.0.0.1',
      '10.0.0.1',
      '9.9.9.9, 1.2.3.4',
      '1.2.3.4',
    ],
    [
      'is found behind several proxies',
      '10.0.0.0/8',
      '10.0.0.1',
      '9.9.9.9, 1.2.3.4, 10.0.0.7',
      '1.2.3.4',
    ],
    ['is found so many hops away', '2', '10.0.0.1', '9.9.9.9, 1.2.3.4, 10.0.0.7', '1.2.3.4'],
    ['is no further than the chain', '5', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['is the proxy itself where it names none', '10.0.0.1', '10.0.0.1', '', '10.0.0.1'],
    ['is never what is no address', '10.0.0.1', '10.0.0.1', '1.2.3.4, unknown', '10.0.0.1'],
    ['may be named with a port', '10.0.0.1', '10.0.0.1', '1.2.3.4:5678', '1.2.3.4'],
    ['may be of IPv6, with a port or not', 'loopback', '::1', '[2001:db8::1]:443', '2001:db8::1'],
    [
      'is an IPv4 address in either writing',
      '10.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:1.2.3.4',
      '1.2.3.4',
    ],
    ['is trusted as loopback in all of 127.0.0.0/8', 'loopback', '127.9.9.9', '1.2.3.4', '1.2.3.4'],
  ])('%s', (_what, trusted, peer, chain, caller) => {
    expect(callerOf(trusted, peer, chain)).toBe(caller)
  })

  it('is the peer, whatever headers somebody sends who is not trusted', () => {
    const names = fc.constantFrom(
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'forwarded',
      'x-real-ip',
    )
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.string()),
        fc.constantFrom('', '10.0.0.2'),
        (headers, trusted) => {
          expect(settled(trusted, '10.0.0.1', headers)).toEqual({ 'x-forwarded-for': '10.0.0.1' })
        },
      ),
    )
  })

  it('is an address that the proxy wrote, whatever somebody wrote before it', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (forged, address) => {
        expect(callerOf('10.0.0.1', '10.0.0.1', `${forged}, ${address}`)).toBe(address)
      }),
    )
  })

  it('is asked under the host and protocol that a trusted peer names, where they make sense', () => {
    const good = { 'x-forwarded-host': 'app.example.com', 'x-forwarded-proto': 'https' }
    expect(settled('10.0.0.1', '10.0.0.1', good)).toMatchObject(good)
    const bad = { 'x-forwarded-host': 'a b/', 'x-forwarded-proto': 'javascript' }
    expect(Object.keys(settled('10.0.0.1', '10.0.0.1', bad))).toEqual(['x-forwarded-for'])
  })
})

describe('a limit counts', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ])('%s as %s', (address, counted) => {
    expect(limitedAddress(address)).toBe(counted)
  })
})
