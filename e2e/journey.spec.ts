import { randomUUID } from 'node:crypto'
import { expect, type Page, type PlaywrightWorkerArgs, test } from '@playwright/test'
import { createTollgateClient } from '@tollgate/client'
import { expectAccessible } from './accessible.ts'
import { cancelInPortal, payWith } from './hosted-pages.ts'
import { changePlans, operateStripe } from './plan-changes.ts'
import { type Account, type Product, startProduct } from './product.ts'

// The whole job of the integration guide, as its users do it: one person from sign-up to the end of a plan, a
// sibling app that meters them, and the operator who looks.

let product: Product
test.beforeAll(async () => {
  product = await startProduct()
})
test.afterAll(() => product.end())

// A customer of one's own Stripe outlives the run, so that each run has another address.
const ada = {
  email: `ada-${randomUUID().slice(0, 8)}@example.com`,
  password: 'correct horse battery staple',
}

test('from sign-up to a paid plan, metered use, cancellation and the admin who sees it', async ({
  page,
  playwright,
}) => {
  test.setTimeout(300_000)

  await test.step('sign up: no plan yet, three to choose from', async () => {
    await page.goto(`${product.app}/sign-up`)
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('E-mail').fill(ada.email)
    await page.getByLabel('Password').fill(ada.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page).toHaveURL(`${product.app}/billing`)
    for (const [name, price, tokens] of [
      ['Basic', '$19', '100,000 tokens'],
      ['Pro', '$49', '1,000,000 tokens'],
      ['Enterprise', '$499', 'Unlimited tokens'],
    ] as const) {
      await expect(page.getByText(price, { exact: true })).toBeVisible()
      const included = page.getByRole('list', { name: `${name} includes` })
      await expect(included).toContainText(tokens)
    }
    await expect(page.getByText('No invoices yet')).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('a declined card is refused with a reason, and subscribes nothing', async () => {
    await page.getByRole('button', { name: 'Choose Pro' }).click()
    await expect(page).toHaveURL(startingWith(product.pages.checkout))
    await payWith(page, '4000 0000 0000 0002')
    await expect(page.getByText(/card was declined/i)).toBeVisible()
    await page.getByRole('link', { name: 'Back' }).click()
    await expect(page.getByRole('button', { name: 'Choose Pro' })).toBeVisible()
  })

  await test.step('a good card: active at once, quota there, first invoice paid', async () => {
    await page.getByRole('button', { name: 'Choose Pro' }).click()
    await expect(page).toHaveURL(startingWith(product.pages.checkout))
    await payWith(page, '4242 4242 4242 4242')
    await expect(page).toHaveURL(`${product.app}/billing`)
    const plan = page.getByRole('region', { name: 'Your plan' })
    await expect(plan).toContainText('Pro')
    await expect(plan).toContainText('Active')
    await expectUsage(page, {
      tokens: '0 of 1,000,000',
      apiCalls: '0 of 10,000',
      scrapingTasks: '0 of 1,000',
    })
    const invoices = page.getByRole('region', { name: 'Invoices' })
    await expect(invoices.getByRole('row').nth(1)).toContainText('$49.00')
    await expect(invoices.getByRole('row').nth(1)).toContainText('Paid')
    await expectAccessible(page)
  })

  await test.step('the agent spends tokens and a scraping task, and the dashboard shows it', async () => {
    const chat = await callAgent(page, '/api/chat', { message: 'Hello there' })
    expect(chat.status).toBe(200)
    const { usage } = chat.body as { usage: { totalTokens: number } }
    const scrape = await callAgent(page, '/api/scraper/scrape', { url: product.site })
    expect(scrape).toMatchObject({ status: 200, body: { title: 'An article' } })
    await page.reload()
    await expectUsage(page, {
      tokens: `${usage.totalTokens} of 1,000,000`,
      apiCalls: '2 of 10,000',
      scrapingTasks: '1 of 1,000',
    })
  })

  await test.step('the scraper fetches nothing from private addresses', async () => {
    for (const url of ['http://169.254.169.254/', 'http://localhost/', `${product.app}/healthz`]) {
      expect((await callAgent(page, '/api/scraper/scrape', { url })).status).toBe(400)
    }
  })

  await test.step('at the limit the agent answers 403 with the reason, and counts nothing', async () => {
    const tollgate = createTollgateClient({
      url: product.app,
      apiKey: await makeKey(playwright),
    })
    const { userId } = await session(page)
    const use = { userId, meter: 'apiCalls', amount: 9_998 } as const
    await tollgate.usage.record.mutate({ ...use, idempotencyKey: 'up to the limit' })
    const before = await tollgate.usage.check.query({ userId, meter: 'tokens' })
    const refused = await callAgent(page, '/api/chat', { message: 'Hello again' })
    expect(refused.status).toBe(403)
    expect(JSON.stringify(refused.body)).toContain('0 of 10,000 are left')
    const after = await tollgate.usage.check.query({ userId, meter: 'tokens' })
    expect(after.balance.used).toBe(before.balance.used)
  })

  await test.step('cancelled in the portal: ends later, and the quota stays until then', async () => {
    await page.goto(`${product.app}/billing`)
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await expect(page).toHaveURL(startingWith(product.pages.portal))
    await cancelInPortal(page)
    await expect(page.getByRole('region', { name: 'Your plan' })).toContainText('Ends on')
    await expectUsage(page, { tokens: 'of 1,000,000' })
  })

  await test.step('a customer is refused at the admin page, and by the procedures behind it', async () => {
    await page.goto(`${product.app}/admin/billing?tab=users`)
    await expect(page.getByRole('heading', { name: 'Admins only' })).toBeVisible()
    const answer = await page.request.get(`${product.app}/api/billing/admin/users`)
    expect(answer.status()).toBe(403)
  })

  await test.step('everything is still there after a restart, at Stripe too', async () => {
    await product.restart()
    await page.goto(`${product.app}/billing`)
    await expect(page.getByRole('region', { name: 'Your plan' })).toContainText('Ends on')
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await expect(page).toHaveURL(startingWith(product.pages.portal))
    await expect(page.getByText('$49.00 per month')).toBeVisible()
  })

  await page.goto(`${product.app}/billing`)
  await changePlans(page)

  await test.step('the admin sees users with plan, status and usage, and all invoices', async () => {
    await signOut(page)
    await signIn(page, product.admin)
    await page.goto(`${product.app}/admin/billing?tab=users`)
    const row = page.getByRole('row').filter({ hasText: ada.email })
    await expect(row).toContainText('Enterprise')
    await expect(row).toContainText('Active')
    await expect(row).toContainText('10,000')
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Invoices' }).click()
    const invoices = page.getByRole('row').filter({ hasText: ada.email })
    await expect(invoices.filter({ hasText: '$49.00' })).toContainText('Paid')
  })

  await operateStripe(page, product.app)
})

function startingWith(prefix: string): RegExp {
  return new RegExp(`^${prefix.replace(/[.?]/g, '\\$&')}`)
}

async function expectUsage(page: Page, usage: Record<string, string>): Promise<void> {
  const names: Record<string, string> = {
    tokens: 'Tokens',
    apiCalls: 'API calls',
    scrapingTasks: 'Scraping tasks',
  }
  for (const [meter, text] of Object.entries(usage)) {
    const card = page.getByRole('article', { name: names[meter] ?? meter })
    await expect(card).toContainText(text, { useInnerText: true })
  }
}

/** As a page of the product would: with the person's cookie, from the app's origin. */
async function callAgent(
  page: Page,
  path: string,
  data: object,
): Promise<{ status: number; body: unknown }> {
  const answer = await page.request.post(`${product.agent}${path}`, {
    data,
    headers: { origin: product.app },
  })
  return { status: answer.status(), body: await answer.json() }
}

/** A key for a sibling app, made by the admin over the API. */
async function makeKey({ request }: PlaywrightWorkerArgs['playwright']): Promise<string> {
  const admin = await request.newContext({ extraHTTPHeaders: { origin: product.app } })
  await admin.post(`${product.app}/api/auth/sign-in/email`, { data: product.admin })
  const made = await admin.post(`${product.app}/api/trpc/admin.apiKeys.create`, {
    data: { name: 'journey', scopes: ['usage:write', 'usage:read'] },
  })
  const { result } = (await made.json()) as { result: { data: { key: string } } }
  await admin.dispose()
  return result.data.key
}

async function session(page: Page): Promise<{ userId: string }> {
  const answer = await page.request.get(`${product.app}/api/auth/get-session`)
  const { user } = (await answer.json()) as { user: { id: string } }
  return { userId: user.id }
}

async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.goto(`${product.app}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/billing/)
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${product.app}/billing`)
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/sign-in|\/$/)
}
