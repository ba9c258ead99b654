import type { Finding } from '@tollgate/core'
import type { Env } from './env.ts'
import { trustsNobody } from './trust-proxy.ts'

/**
 * What the settings say of the proxy. This process sees no requests: whether forwarded headers come from one that is not
 * trusted is said by the server's log, at the first such request.
 */
export function checkProxy({ appUrl, trustProxy }: Pick<Env, 'appUrl' | 'trustProxy'>): Finding {
  const name = 'trusted proxy'
  if (typeof trustProxy === 'number') {
    const message = `the nearest ${trustProxy} hops, whoever they are: the server must be reachable through them alone`
    return { name, ok: true, message, fix: null }
  }
  if (!trustsNobody(trustProxy)) {
    const blocks = trustProxy.map(({ network, prefix }) => `${network}/${prefix}`)
    return { name, ok: true, message: blocks.join(', '), fix: null }
  }
  if (!appUrl.startsWith('https:')) {
    return { name, ok: true, message: 'none, and APP_URL needs none', fix: null }
  }
  return {
    name,
    ok: false,
    message:
      'none is trusted, though APP_URL is https, so one is in front: all callers count as one address',
    fix: 'Set TRUST_PROXY to the address of the proxy; to loopback, where it runs on this machine.',
  }
}
