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

test('a subscription that is not paid ends as the settings say', async ({ page }) => {
  await page.goto(`${stripe.url}/settings`)
  await page.getByLabel('After the last attempt').selectOption('unpaid')
  await page.getByRole('button', { name: 'Save' }).first().click()
  await expect(page.getByRole('status')).toHaveText('Saved')
  await page.goto(stripe.url)
  await page.getByRole('button', { name: 'New subscriber' }).click()
  await expect(page.getByRole('status')).toHaveText('A new customer has subscribed')
  const { data } = await call('GET /v1/subscriptions?limit=1')
  await page.goto(`${stripe.url}/o/${data[0].id}`)
  await page.getByRole('button', { name: 'Fail the renewal' }).click()
  await expect(page.locator('#status')).toHaveText('past due')
  await page.getByRole('button', { name: 'Advance by 1 month' }).click()
  await expect(page.locator('#status')).toHaveText('unpaid')
})

test('every page is accessible and fits a phone, light and dark', async ({ page }) => {
  test.setTimeout(240_000)
  for (const url of await everyPage()) {
    for (const scheme of ['light', 'dark'] as const) {
      await test.step(`${new URL(url).pathname.slice(0, 12)} ${scheme}`, async () => {
        await page.goto(url)
        await expectFit(page, scheme)
      })
    }
  }
})

/** The sections of the dashboard, and hosted pages with all that they can show. */
async function everyPage(): Promise<string[]> {
  const price = await call('POST /v1/prices', {
    currency: 'usd',
    unit_amount: '1900',
    'recurring[interval]': 'month',
    'product_data[name]': 'Basic',
  })
  const customer = await call('POST /v1/customers', {
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    payment_method: 'pm_card_visa',
    'invoice_settings[default_payment_method]': 'pm_card_visa',
    'address[line1]': '12 St James Square',
    'address[country]': 'GB',
  })
  const rate = await call('POST /v1/tax_rates', {
    display_name: 'VAT',
    percentage: '20',
    inclusive: 'false',
  })
  const paid = await call('POST /v1/subscriptions', {
    customer: customer.id,
    'items[0][price]': price.id,
    'default_tax_rates[0]': rate.id,
    'expand[0]': 'latest_invoice',
  })
  const sent = await call('POST /v1/subscriptions', {
    customer: customer.id,
    'items[0][price]': price.id,
    collection_method: 'send_invoice',
    days_until_due: '30',
  })
  const open = await call(`POST /v1/invoices/${sent.latest_invoice}/send`)
  const session = await call('POST /v1/checkout/sessions', {
    mode: 'subscription',
    success_url: 'https://example.org/',
    cancel_url: 'https://example.org/',
    'line_items[0][price]': price.id,
    'line_items[0][quantity]': '2',
    'line_items[0][adjustable_quantity][enabled]': 'true',
    allow_promotion_codes: 'true',
    billing_address_collection: 'required',
    'tax_id_collection[enabled]': 'true',
    'phone_number_collection[enabled]': 'true',
    'custom_fields[0][key]': 'team',
    'custom_fields[0][type]': 'text',
    'custom_fields[0][label][type]': 'custom',
    'custom_fields[0][label][custom]': 'Team',
  })
  const portal = await call('POST /v1/billing_portal/sessions', { customer: customer.id })
  const sections = ['', 'customers', 'subscriptions', 'invoices', 'events', 'webhooks', 'faults']
  return [
    ...[...sections, 'meters', 'settings'].map((section) => `${stripe.url}/${section}`),
    `${stripe.url}/o/${paid.id}`,
    paid.latest_invoice.hosted_invoice_url,
    open.hosted_invoice_url,
    session.url,
    portal.url,
  ]
}

/** A request to the API; the fields of the answer depend on it. */
async function call(route: string, form?: Record<string, string>) {
  const [method = '', path = ''] = route.split(' ')
  const response = await fetch(stripe.url + path, {
    method,
    headers: { authorization: 'Bearer sk_test_x' },
    ...(form !== undefined && { body: new URLSearchParams(form) }),
  })
  const body = await response.json()
  expect(response.ok, JSON.stringify(body)).toBe(true)
  return body
}

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
