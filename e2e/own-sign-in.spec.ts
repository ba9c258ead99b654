import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { configure, type Outside, type Running, run, start } from '../tooling/outside/outsider.ts'
import { root } from '../tooling/run/process.mjs'

// A product that has its own sign-in, its own pages on another origin, and its own name, logo and colours.

const PRODUCT = 'https://app.example.com'
const tollgate = [process.execPath, join(root, 'apps/server/bin/tollgate.mjs')]

/** Its sign-in is a cookie that names the user; `boss` is an admin. */
const CONFIG = `import { definePlans } from '@tollgate/core'

export const catalog = definePlans({
  meters: { minutes: { name: 'Minutes', unit: ['minute', 'minutes'] } },
  plans: {
    team: { name: 'Team', description: 'For teams', price: { month: { usd: 900 } }, limits: { minutes: 60 } },
  },
})

export const identify = async ({ headers }: { headers: { cookie?: string } }) => {
  const userId = /acme=(\\w+)/.exec(headers.cookie ?? '')?.[1]
  return userId === undefined ? null : { userId, role: userId === 'boss' ? 'admin' : 'customer' }
}
export const signInUrl = '${PRODUCT}/login'
export const origins = ['${PRODUCT}']
export const theme = { name: 'Acme', logo: './logo.svg', colours: { accent: '#b45309', accentText: '#fffbeb' } }
`
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#b45309"/></svg>`

test.use({ actionTimeout: 30_000 })
test.setTimeout(180_000)

let folder: string
let project: Outside
let running: Running

test.beforeAll(async () => {
  test.setTimeout(180_000)
  folder = await mkdtemp(join(tmpdir(), 'tollgate-own-sign-in-'))
  // PostgreSQL's account, when it is not ours, has to pass through.
  await chmod(folder, 0o755)
  const { PATH, HOME } = process.env
  project = await configure(folder, { PATH, HOME })
  await writeFile(join(folder, 'tollgate.config.ts'), CONFIG)
  await writeFile(join(folder, 'logo.svg'), LOGO)
  running = await start(project, [...tollgate, 'dev'])
})

test.afterAll(async () => {
  await running?.interrupt()
  await rm(folder, { recursive: true, force: true })
})

test('a visitor is led to the product’s sign-in, and back', async ({ page }, info) => {
  await page.goto(`${project.app}/billing`)
  await expect(page.getByRole('heading', { name: 'Sign in to Acme' })).toBeVisible()
  await expect(page.locator('main').getByRole('link', { name: 'Sign in' })).toHaveAttribute(
    'href',
    `${PRODUCT}/login?next=${encodeURIComponent(`${project.app}/billing`)}`,
  )
  await page.screenshot({ path: info.outputPath('visitor.png') })
  await page.goto(`${project.app}/sign-up`)
  await expect(page.getByLabel('Password')).toHaveCount(0)
})

test('its user sees the dashboard under its name, logo and colours', async ({ page }, info) => {
  await nameUser('ada', 'ada@example.com')
  await signIn(page, 'ada')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.goto(`${project.app}/billing`)
    const choose = page.getByRole('button', { name: 'Choose Team' })
    await expect(choose).toBeVisible()
    await expect(page).toHaveTitle('Billing · Acme')
    // On dark ground the same colour is a lighter one, so that text in it can be read.
    if (colorScheme === 'light') await expect(choose).toHaveCSS('color', 'rgb(180, 83, 9)')
    await page.screenshot({ path: info.outputPath(`billing-${colorScheme}.png`) })
  }
  const logo = await page.locator('header img').boundingBox()
  expect(logo).toMatchObject({ width: 28, height: 28 })
  await page.getByRole('button', { name: 'Account menu' }).click()
  await expect(page.getByText('ada@example.com')).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toHaveCount(0)
  await page.goto(`${project.app}/admin/billing`)
  await expect(page.getByRole('heading', { name: 'Admins only' })).toBeVisible()
})

test('its admin is one here', async ({ page }) => {
  await signIn(page, 'boss')
  await page.goto(`${project.app}/admin/billing`)
  await expect(page.getByRole('tab', { name: 'Users' })).toBeVisible()
})

test('its pages may call and be returned to, and nobody else’s', async ({ page }) => {
  await nameUser('eve', 'eve@example.com')
  await signIn(page, 'eve')
  const checkout = (origin: string, successUrl: string) =>
    page.request.post(`${project.app}/api/billing/checkout`, {
      headers: { origin },
      data: { plan: 'team', successUrl },
    })
  expect((await checkout(PRODUCT, `${PRODUCT}/paid`)).status()).toBe(200)
  expect((await checkout('https://evil.example.com', `${PRODUCT}/paid`)).status()).toBe(403)
  expect((await checkout(PRODUCT, 'https://evil.example.com/paid')).status()).toBe(400)
})

async function signIn(page: Page, userId: string): Promise<void> {
  await page.context().addCookies([{ name: 'acme', value: userId, url: project.app }])
}

/** As the product does when somebody signs up there. */
async function nameUser(userId: string, email: string): Promise<void> {
  const { folder: cwd, env } = project
  const command = [...tollgate, 'keys', 'create', '--json']
  const made = await run([...command, '--name', userId, '--scopes', 'users:write'], { cwd, env })
  const { key } = JSON.parse(made) as { key: string }
  const answer = await fetch(`${project.app}/api/users/${userId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  })
  expect(answer.status).toBe(200)
}
