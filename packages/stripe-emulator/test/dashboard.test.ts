import { request as httpRequest } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { StripeEmulator } from '../src/index.ts'
import { receiver, shop, start, subscriber } from './harness.ts'

/** Loads a page: its text, status and headers. */
async function load(emulator: StripeEmulator, path: string) {
  const response = await fetch(emulator.url + path)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('the dashboard', () => {
  test('lists the objects, each with a link to its own page', async () => {
    const hook = await receiver()
    const webhooks = [{ url: hook.url, secret: 'whsec_test' }]
    const { emulator, stripe } = await start({ webhooks })
    const { basic } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    const [invoice] = (await stripe.invoices.list()).data
    const [event] = (await stripe.events.list()).data
    await emulator.webhooksSettled()
    const { text, status } = await load(emulator, '/')
    expect(status).toBe(200)
    for (const id of [customer.id, subscription.id, invoice?.id, event?.id]) {
      expect(text).toContain(`href="/o/${id}"`)
    }
    const paths = ['/customers', '/subscriptions', '/invoices', '/events', '/webhooks', '/faults']
    for (const path of paths) {
      expect((await load(emulator, path)).status).toBe(200)
      expect(text).toContain(`href="${path}"`)
    }
    expect((await load(emulator, '/webhooks')).text).toContain(hook.url)
  })

  test('shows an object as JSON with links on the ids of other objects', async () => {
    const { emulator, stripe } = await start()
    const { basic } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    const { text } = await load(emulator, `/o/${subscription.id}`)
    expect(text).toContain('<span class="k">&quot;customer&quot;</span>: ')
    expect(text).toContain(`href="/o/${customer.id}">${customer.id}</a>`)
    expect(text).toContain(`href="/o/${basic.id}">${basic.id}</a>`)
    expect((await load(emulator, '/o/sub_none')).status).toBe(404)
  })

  test('filters by customer: by id, or by a part of the name or the e-mail', async () => {
    const { emulator, stripe } = await start()
    const { basic } = await shop(stripe)
    const first = await subscriber(stripe, basic.id)
    const second = await subscriber(stripe, basic.id)
    await stripe.customers.update(second.customer.id, { email: 'other@example.net' })
    for (const filter of [second.customer.id, 'OTHER@', 'example.net']) {
      for (const path of ['/', '/subscriptions']) {
        const { text } = await load(emulator, `${path}?customer=${encodeURIComponent(filter)}`)
        expect(text).toContain(second.subscription.id)
        expect(text).not.toContain(first.subscription.id)
      }
    }
  })

  test('escapes every field of an object', async () => {
    const evil = '"><img src=x onerror=alert(1)>\'</script>'
    const hook = await receiver()
    const { emulator, stripe } = await start({
      webhooks: [{ url: `${hook.url}?a=${encodeURIComponent(evil)}"><i>`, secret: 'whsec_test' }],
    })
    const { id } = await stripe.customers.create({
      name: evil,
      description: 'javascript:alert(1)',
      metadata: { [evil.slice(0, 40)]: evil },
    })
    emulator.faults.add({ request: `/v1/${encodeURI(evil)}`, kind: 'delay', delayMs: 1 })
    await emulator.webhooksSettled()
    const filter = `/?customer=${encodeURIComponent(evil)}`
    const paths = ['/', filter, '/customers', '/events', '/webhooks', '/faults', `/o/${id}`]
    for (const path of paths) {
      const { text, status } = await load(emulator, path)
      expect(status).toBe(200)
      expect(text).not.toMatch(/<img|<i>|<\/script>'|href="javascript:/)
    }
    expect((await load(emulator, filter)).text).toContain('&quot;&gt;&lt;img src=x')
  })

  test('runs no foreign scripts, and accepts a loopback name only', async () => {
    const { emulator } = await start()
    const { headers } = await load(emulator, '/')
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = emulator
      const options = { host: '127.0.0.1', port, path: '/', headers: { host: 'rebound.example' } }
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })
})
