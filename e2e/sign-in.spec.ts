import { expect, test } from './product.ts'

test('whoever opens the billing page without a session is asked to sign in, and lands there', async ({
  page,
  product,
}) => {
  await page.goto('/billing')
  await page.getByLabel('Email').fill(product.customer.email)
  await page.getByLabel('Password', { exact: true }).fill(product.customer.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(`${product.url}/billing`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})
