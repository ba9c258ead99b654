import { expect, type Page } from '@playwright/test'

// What is done on Stripe's own pages, by what Stripe's pages and the local ones have in common.

/** Fills in the card form of Checkout and sends it. */
export async function payWith(page: Page, number: string): Promise<void> {
  const cardNumber = page.locator('input[name="cardNumber"]')
  const byCard = page.getByRole('radio', { name: 'Card' })
  await expect(cardNumber.or(byCard).first()).toBeVisible()
  // Stripe offers several ways to pay where the account has them; the card's form is then folded.
  if (!(await cardNumber.isVisible())) await byCard.click({ force: true })
  await cardNumber.fill(number)
  await page.locator('input[name="cardExpiry"]').fill('12 / 34')
  await page.locator('input[name="cardCvc"]').fill('123')
  await page.locator('input[name="billingName"]').fill('Ada')
  // Asked for by Stripe in some countries, and the offer to save the card with Link in some accounts.
  const postalCode = page.locator('input[name="billingPostalCode"]')
  if (await postalCode.isVisible()) await postalCode.fill('94103')
  const saveWithLink = page.locator('input[name="enableStripePass"]')
  if (await saveWithLink.isVisible()) await saveWithLink.uncheck({ force: true })
  await page.getByRole('button', { name: 'Subscribe' }).click()
}

/** Cancels the plan in the portal, for the end of its period, and goes back to the app. */
export async function cancelInPortal(page: Page): Promise<void> {
  const words = /^Cancel (plan|subscription)$/
  await page.getByRole('link', { name: words }).click()
  await page.getByRole('button', { name: words }).click()
  await page.getByRole('link', { name: /Return to/ }).click()
}
