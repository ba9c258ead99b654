import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { configure, type Outside, type Running, start } from '../tooling/outside/outsider.ts'
import { root } from '../tooling/run/process.mjs'
import { payWith } from './hosted-pages.ts'

// A catalogue with a free plan, months and years, two currencies, features and promotion codes, on the real pages.

const tollgate = [process.execPath, join(root, 'apps/server/bin/tollgate.mjs')]

const CONFIG = `import { definePlans } from '@tollgate/core'

export const catalog = definePlans({
  meters: { minutes: { name: 'Minutes', unit: ['minute', 'minutes'] } },
  features: { sso: { name: 'Single sign-on' }, seats: { name: 'Seats', type: 'number' } },
  plans: {
    free: { name: 'Free', description: 'To look around', price: null, limits: { minutes: 5 } },
    pro: {
      name: 'Pro', description: 'For teams',
      price: { month: { usd: 4_900, eur: 4_500 }, year: { usd: 49_000, eur: 45_000 } },
      limits: { minutes: 600 },
      features: { sso: true, seats: 10 },
    },
  },
  checkout: { promotionCodes: true },
})
`

test.use({ actionTimeout: 30_000 })
test.setTimeout(180_000)

let folder: string
let project: Outside
let running: Running

test.beforeAll(async () => {
  test.setTimeout(180_000)
  folder = await mkdtemp(join(tmpdir(), 'tollgate-selling-'))
  // PostgreSQL's account, when it is not ours, has to pass through.
  await chmod(folder, 0o755)
  const { PATH, HOME } = process.env
  project = await configure(folder, { PATH, HOME })
  await writeFile(join(folder, 'tollgate.config.ts'), CONFIG)
  running = await start(project, [...tollgate, 'dev'])
})

test.afterAll(async () => {
  await running?.interrupt()
  await rm(folder, { recursive: true, force: true })
})

test('from the free plan to Pro by the year in euros, with a promotion code, and back to the month', async ({
  page,
}, info) => {
  await stripe('coupons', { id: 'tenth', percent_off: '10', duration: 'forever' })
  const promotion = { 'promotion[type]': 'coupon', 'promotion[coupon]': 'tenth' }
  await stripe('promotion_codes', { ...promotion, code: 'TENTH' })

  await page.goto(`${project.app}/sign-up`)
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: 'Free' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Usage' })).toContainText('0 of 5')

  await expect(page.getByText('$49', { exact: true })).toBeVisible()
  await page.getByRole('radio', { name: 'Yearly' }).click()
  await page.getByLabel('Currency').selectOption('eur')
  await expect(page.getByText('€450', { exact: true })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Pro includes' })).toContainText('Seats: 10')
  await page.screenshot({ path: info.outputPath('plans.png'), fullPage: true })

  await page.getByRole('button', { name: 'Choose Pro' }).click()
  await page.locator('input[name="promotionCode"]').fill('TENTH')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('€405.00').first()).toBeVisible()
  await payWith(page, '4242 4242 4242 4242')

  const plan = page.getByRole('region', { name: 'Your plan' })
  await expect(plan).toContainText('€450 a year')
  await expect(plan).toContainText('Next payment: €405.00')
  const invoice = page.getByRole('region', { name: 'Invoices' }).getByRole('row').nth(1)
  await expect(invoice).toContainText('€405.00')
  await expect(page.getByRole('region', { name: 'Usage' })).toContainText('0 of 600')

  await plan.getByRole('button', { name: 'Change plan' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Pro, €45 a month' }).click()
  await expect(dialog).toContainText('Nothing is charged now')
  await expect(dialog).toContainText('the next payment is €40.50')
  await dialog.getByRole('button', { name: /^Change to Pro on/ }).click()
  await expect(plan).toContainText('Your plan changes to Pro, paid by the month')
  await plan.getByRole('button', { name: 'Keep Pro' }).click()
  await expect(plan).toContainText('Renews on')
})

/** What the operator does in Stripe's dashboard. */
async function stripe(path: string, params: Record<string, string>): Promise<void> {
  const port = /STRIPE_EMULATOR_PORT=(\d+)/.exec(await readFile(join(folder, '.env'), 'utf8'))?.[1]
  const answer = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_operator' },
    body: new URLSearchParams(params),
  })
  expect(await answer.text()).not.toContain('"error"')
}
