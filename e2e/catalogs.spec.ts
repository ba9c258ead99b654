import { expect, type Page, type TestInfo, test } from '@playwright/test'
import type { Shape } from './catalogs/catalog.ts'
import { expectFit, WIDTHS } from './catalogs/layout.ts'
import { type Pages, servePages } from './catalogs/pages.ts'

// Any catalogue has to fit into the pages, from one plan and one meter to the 50 that are allowed, with names of any length.
const SHAPES: Record<string, Shape> = {
  'one plan, one meter': { plans: 1, meters: 1 },
  'three plans, three meters': { plans: 3, meters: 3 },
  'three plans, five meters that reset in every way': { plans: 3, meters: 5, windows: true },
  'seven plans, twelve meters': { plans: 7, meters: 12 },
  'seven plans, twelve meters, long names': { plans: 7, meters: 12, long: true },
  'fifty plans, fifty meters': { plans: 50, meters: 50 },
  'four plans, one free, by the month and the year': { plans: 4, meters: 2, choices: true },
}

let pages: Pages
test.beforeAll(async () => {
  pages = await servePages()
})
test.afterAll(() => pages.close())

for (const [name, shape] of Object.entries(SHAPES)) {
  for (const width of WIDTHS) {
    // Both schemes at the width that most have; layout does not depend on it.
    for (const colorScheme of width === 768 ? (['dark'] as const) : (['light'] as const)) {
      test(`${name} at ${width} px, ${colorScheme}`, async ({ page }, info) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width, height: 900 })
        await seeDashboard(page, shape, info)
        await seeAdmin(page, info)
      })
    }
  }
}

/** The plans to choose from, then a plan with its usage, and the dialog that changes it. */
async function seeDashboard(page: Page, shape: Shape, info: TestInfo): Promise<void> {
  const offered = shape.choices ? shape.plans - 1 : shape.plans
  pages.show(shape, null)
  await page.goto(`${pages.url}/billing`)
  await expect(page.getByRole('button', { name: /^Choose / })).toHaveCount(offered)
  if (shape.choices) await seeChoices(page)
  await look(page, info, 'plans')

  pages.show(shape, shape.choices ? 'plan1' : 'plan0')
  await page.reload()
  const usage = page.getByRole('region', { name: 'Usage' })
  await expect(usage.getByRole('article')).toHaveCount(shape.meters)
  await expect(usage.getByText(/in total/)).toBeVisible()
  await expect(usage.getByLabel('Meter', { exact: true })).toHaveCount(shape.meters > 1 ? 1 : 0)
  await expect(usage.getByText(/^Resets on /)).toHaveCount(shape.windows ? shape.meters - 1 : 0)
  await expect(usage.getByText('Never resets')).toHaveCount(shape.windows ? 1 : 0)
  await look(page, info, 'usage')

  const change = page.getByRole('button', { name: 'Change plan' })
  await expect(change).toHaveCount(shape.plans > 1 ? 1 : 0)
  if (shape.plans === 1) return
  await change.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('radio')).toHaveCount(shape.choices ? 2 * offered - 1 : offered - 1)
  await dialog.getByRole('radio').first().click()
  await expect(dialog.getByText('Due now')).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^Pay / })).toBeInViewport()
  await look(page, info, 'change')
}

/** The free plan, features, and what the plans cost by the year and in euros. */
async function seeChoices(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Free' })).toBeVisible()
  await expect(page.getByText('Projects: 10')).toBeVisible()
  await expect(page.getByText('No Single sign-on')).toBeVisible()
  await expect(page.getByText('$19', { exact: true })).toBeVisible()
  await page.getByRole('radio', { name: 'Yearly' }).click()
  await expect(page.getByText('$190', { exact: true })).toBeVisible()
  await page.getByLabel('Currency').selectOption('eur')
  await expect(page.getByText('€180', { exact: true })).toBeVisible()
}

/** The overview, the users with their usage, and one of them beside the list. */
async function seeAdmin(page: Page, info: TestInfo): Promise<void> {
  await page.goto(`${pages.url}/admin/billing`)
  await expect(page.getByRole('table', { name: /Subscriptions by plan/ })).toBeVisible()
  await look(page, info, 'overview')
  await page.getByRole('tab', { name: 'Users' }).click()
  await expect(page.getByRole('button', { name: 'user1@example.com' })).toBeVisible()
  await look(page, info, 'users')
  await page.getByRole('button', { name: 'user1@example.com' }).click()
  await expect(page.getByRole('dialog').getByText('Recent usage events')).toBeVisible()
  await look(page, info, 'user')
}

async function look(page: Page, info: TestInfo, what: string): Promise<void> {
  await page.screenshot({ path: info.outputPath(`${what}.png`), fullPage: true })
  await expectFit(page)
}
