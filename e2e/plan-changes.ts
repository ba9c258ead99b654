import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'

/** Changes, cancels and resumes on the product's own page, from a cancelled Pro to Enterprise. */
export async function changePlans(page: Page): Promise<void> {
  const plan = page.getByRole('region', { name: 'Your plan' })
  const dialog = page.getByRole('dialog')

  await test.step('resumed: renews as before', async () => {
    await plan.getByRole('button', { name: 'Resume subscription' }).click()
    await expect(plan).toContainText('Renews on')
  })

  await test.step('an upgrade is previewed line by line, and paid as previewed', async () => {
    await plan.getByRole('button', { name: 'Change plan' }).click()
    await dialog.getByRole('radio', { name: /^Enterprise/ }).click()
    await expect(dialog).toContainText('Due now')
    await expectAccessible(page)
    const pay = dialog.getByRole('button', { name: /^Pay / })
    const due = /\$[\d.]+/.exec((await pay.textContent()) ?? '')?.[0] ?? 'no amount'
    await pay.click()
    await expect(page.getByText('You are on Enterprise now')).toBeVisible()
    const invoice = page.getByRole('region', { name: 'Invoices' }).getByRole('row').nth(1)
    await expect(invoice).toContainText(due)
    await expect(invoice).toContainText('Paid')
  })

  await test.step('a downgrade costs nothing now, waits, and is undone', async () => {
    await plan.getByRole('button', { name: 'Change plan' }).click()
    await dialog.getByRole('radio', { name: /^Basic/ }).click()
    await expect(dialog).toContainText('Nothing is charged now')
    await dialog.getByRole('button', { name: /^Change to Basic on/ }).click()
    await expect(plan).toContainText('Your plan changes to Basic')
    await expectAccessible(page)
    await plan.getByRole('button', { name: 'Keep Enterprise' }).click()
    await expect(plan).toContainText('Renews on')
  })

  await test.step('cancelled on the page once asked, for the end of the period', async () => {
    await plan.getByRole('button', { name: 'Cancel' }).click()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Cancel at the end of the period' }).click()
    await expect(plan).toContainText('Ends on')
    await expect(plan).toContainText('Active')
  })
}

/** What an operator does about Stripe: looks, runs an event again, and compares every row. */
export async function operateStripe(page: Page, app: string): Promise<void> {
  await test.step('the overview says how the business stands', async () => {
    await page.goto(`${app}/admin/billing`)
    const counts = page.getByRole('table', { name: 'Subscriptions by plan and status' })
    await expect(counts.getByRole('row').filter({ hasText: 'Enterprise' })).toContainText('Active')
    await expect(page.getByText('No payment has failed.')).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('an event is run again, and every row equals Stripe', async () => {
    await page.getByRole('tab', { name: 'Stripe' }).click()
    const paid = page.getByRole('row').filter({ hasText: 'invoice.paid' }).first()
    await expect(paid).toContainText('Handled')
    const answer = page.waitForResponse(/admin\.replayEvent/)
    await paid.getByRole('button', { name: /again$/ }).click()
    expect((await answer).status()).toBe(200)
    await expect(paid).toContainText('Handled')
    await page.getByRole('button', { name: 'Compare only' }).click()
    await expect(page.getByText('Everything matches Stripe')).toBeVisible()
    await expectAccessible(page)
  })
}
