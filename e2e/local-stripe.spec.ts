import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { type StripeEmulator, startStripeEmulator } from '@tollgate/stripe-emulator'

// What a developer keeps open beside the app: watching the local Stripe, and making things happen in it.

let stripe: StripeEmulator
let endpoint: Server
let answer = 200

test.beforeAll(async () => {
  endpoint = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(answer, { connection: 'close' }).end('ok'))
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const { port } = endpoint.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/webhook`
  stripe = await startStripeEmulator({ webhooks: [{ url, secret: 'whsec_test' }] })
})

test.afterAll(async () => {
  await stripe.stop()
  endpoint.close()
})

test('makes a subscriber, moves the time, fails a renewal, resends a webhook, toggles a fault', async ({
  page,
}) => {
  await test.step('a new subscriber appears without a reload', async () => {
    await page.goto(stripe.url)
    await expect(page.getByText('No subscriptions yet.')).toBeVisible()
    await page.getByRole('button', { name: 'New subscriber' }).click()
    await expect(page.getByRole('status')).toHaveText('A new customer has subscribed')
    const subscriptions = page.getByRole('region', { name: 'Subscriptions' })
    await expect(subscriptions.getByRole('link', { name: 'ada@example.com' })).toBeVisible()
    await expectFit(page, 'dark')
  })

  await test.step('what happens elsewhere is seen, too', async () => {
    const headers = { authorization: 'Bearer sk_test_x' }
    const body = new URLSearchParams({ name: 'Grace <i>Hopper</i>' })
    await fetch(`${stripe.url}/v1/customers`, { method: 'POST', headers, body })
    const customers = page.getByRole('region', { name: 'Customers' })
    await expect(customers.getByRole('link', { name: 'Grace <i>Hopper</i>' })).toBeVisible()
  })

  await test.step('a month later there is a second invoice', async () => {
    const before = stripe.clock.now().getTime()
    await page.getByRole('button', { name: 'Advance by 1 month' }).click()
    await page.getByRole('button', { name: 'Advance by 1 day' }).click()
    const invoices = page.getByRole('region', { name: 'Invoices' })
    await expect(invoices.getByRole('listitem')).toHaveCount(2)
    expect(stripe.clock.now().getTime() - before).toBeGreaterThan(28 * 86_400_000)
  })

  await test.step('a renewal that fails makes it past due', async () => {
    await page.getByRole('link', { name: 'ada@example.com' }).first().click()
    await page.getByRole('button', { name: 'Fail the renewal' }).click()
    await expect(page.locator('#status')).toHaveText('past due')
    await expect(page.getByLabel('JSON')).toContainText('"status": "past_due"')
    await expectFit(page, 'light')
  })

  await test.step('a webhook is sent once more, and its answers are listed', async () => {
    await stripe.webhooksSettled()
    answer = 503
    await page.getByRole('link', { name: /^Webhooks/ }).click()
    await page.getByRole('listitem').first().getByRole('button', { name: 'Resend' }).click()
    await expect(page.getByRole('listitem').first()).toContainText('answered 503 · 2 attempts')
    await page.getByRole('listitem').first().getByRole('link').click()
    const attempts = page.getByRole('region', { name: 'Attempts' })
    await expect(attempts.getByRole('listitem')).toHaveText([/answered 200/, /answered 503/])
  })

  await test.step('a fault is switched on and off', async () => {
    await page.getByRole('link', { name: /^Faults/ }).click()
    const toggle = page.getByRole('button', { name: 'Out of order' })
    await toggle.click()
    await expect(toggle).toHaveAttribute('aria-pressed', 'true')
    await expect(page.getByText('1 active fault')).toBeVisible()
    expect(stripe.faults.list()).toMatchObject([{ webhook: '*', kind: 'reorder' }])
    await expectFit(page, 'light')
    await toggle.click()
    await expect(toggle).toHaveAttribute('aria-pressed', 'false')
    expect(stripe.faults.list()).toEqual([])
  })

  await test.step('a fault that makes no sense is told', async () => {
    await page.getByLabel('Request').fill('customers')
    await page.getByRole('button', { name: 'Add', exact: true }).first().click()
    await expect(page.getByRole('status')).toContainText("'request' must be a path")
  })
})

/** Nothing that axe knows to be wrong, and nothing to scroll sideways on a phone. */
async function expectFit(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([])
  const size = page.viewportSize() ?? { width: 1280, height: 720 }
  await page.setViewportSize({ width: 360, height: 740 })
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(tooWide).toBe(0)
  await page.setViewportSize(size)
}
