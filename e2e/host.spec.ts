import { expect, type Page, test } from '@playwright/test'
import { type Host, serveHost } from './host/serve.ts'
import { differences, hostStyles, type Look, ourStyles } from './host/styles.ts'
import { type Product, startProduct } from './product.ts'

// The dashboards in an app of somebody else, with another router, without Tailwind and with styles of its own at their worst:
// neither side changes how the other looks.

let host: Host
let product: Product
test.beforeAll(async () => {
  host = await serveHost()
  product = await startProduct({ TRUSTED_ORIGINS: host.url })
})
test.afterAll(async () => {
  await product.end()
  await host.close()
})

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await signIn(page)
})

test('the host’s styles do not reach our elements', async ({ page }) => {
  for (const where of ['billing', 'admin'] as const) {
    await open(page, where)
    const alone = await ourStyles(page)
    await page.screenshot({ path: test.info().outputPath(`${where}-alone.png`), fullPage: true })
    await open(page, where, 'styles=own')
    const among = await ourStyles(page)
    await page.screenshot({ path: test.info().outputPath(`${where}-among.png`), fullPage: true })
    expect(differences(alone, among)).toEqual([])
  }
})

test('nor those of a dialog, which is put at the end of the host’s page', async ({ page }) => {
  const seen: Look[][] = []
  for (const params of ['', 'styles=own']) {
    await open(page, 'admin', params)
    await page.getByRole('tab', { name: 'API keys' }).click()
    await page.getByRole('button', { name: 'Create API key' }).click()
    await expect(page.getByRole('dialog').getByLabel('Name')).toBeVisible()
    await page.screenshot({ path: test.info().outputPath(`dialog-${params}.png`) })
    seen.push(await ourStyles(page))
  }
  const [alone = [], among = []] = seen
  expect(alone.length).toBeGreaterThan(0)
  expect(differences(alone, among)).toEqual([])
})

test('our styles do not reach the host’s elements, nor move them', async ({ page }) => {
  for (const styles of ['', 'styles=own']) {
    await open(page, 'billing', `without=tollgate&${styles}`)
    const alone = await hostStyles(page)
    await open(page, 'billing', styles)
    expect(differences(alone, await hostStyles(page))).toEqual([])
  }
})

test('nor while a dialog is open', async ({ page }) => {
  await open(page, 'admin', 'styles=own')
  await page.getByRole('tab', { name: 'API keys' }).click()
  const before = await hostStyles(page)
  await page.getByRole('button', { name: 'Create API key' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  const changed = differences(before, await hostStyles(page))
  // All that a modal dialog is for: what is behind it can't be clicked.
  expect(changed.filter((line) => !line.includes('pointer-events'))).toEqual([])
})

test('a host chooses accent, radius and font with three variables', async ({ page }) => {
  await open(page, 'admin')
  await page.getByRole('tab', { name: 'API keys' }).click()
  await page.addStyleTag({
    content:
      ':root { --tollgate-accent: rgb(0 90 60); --tollgate-radius: 0px; --tollgate-font: monospace }',
  })
  const button = page.getByRole('button', { name: 'Create API key' })
  await expect(button).toHaveCSS('background-color', 'rgb(0, 90, 60)')
  await expect(button).toHaveCSS('border-radius', '0px')
  await expect(button).toHaveCSS('font-family', 'monospace')
})

test('light or dark is that of the page around us', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page, 'billing')
  const heading = page.getByRole('heading', { name: 'Billing', exact: true })
  const light = await heading.evaluate((element) => getComputedStyle(element).color)
  await page.addStyleTag({ content: ':root { color-scheme: light dark }' })
  await expect(heading).not.toHaveCSS('color', light)
  await page.addStyleTag({ content: ':root { --tollgate-color-scheme: light }' })
  await expect(heading).toHaveCSS('color', light)
})

/** At the app, as the host has no sign-in of its own here. Its cookie is good for every port of the machine. */
async function signIn(page: Page): Promise<void> {
  const answer = await page.request.post(`${product.app}/api/auth/sign-in/email`, {
    data: product.admin,
    headers: { origin: product.app },
  })
  expect(answer.status()).toBe(200)
}

async function open(page: Page, where: 'billing' | 'admin', params = ''): Promise<void> {
  const api = encodeURIComponent(product.app)
  // A page of its own each time: a change of the hash alone would keep the styles that are there.
  await page.goto('about:blank')
  await page.goto(`${host.url}/?api=${api}&${params}#/${where}`)
  if (params.includes('without')) return expect(page.getByText('Below')).toBeVisible()
  const last = where === 'billing' ? /No invoices yet/ : 'No payment has failed.'
  await expect(page.getByText(last)).toBeVisible()
  await expect(page.getByText(/^Loading /)).toHaveCount(0)
}
