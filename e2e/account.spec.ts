import { type Browser, expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { type Product, startProduct } from './product.ts'

// What a person does with their account: another password, a forgotten one, another session, the end of it. Mails are
// read in the outbox, as on anybody's own machine.

let product: Product
test.beforeAll(async () => {
  product = await startProduct()
})
test.afterAll(() => product.end())

const email = 'grace@example.com'
const passwords = {
  first: 'a ship in the harbour',
  second: 'ships are for sailing',
  third: 'out to sea at last',
}

test('an account from its first password to its end', async ({ page, browser }) => {
  test.setTimeout(300_000)

  await test.step('sign up; a common password is refused in words', async () => {
    await page.goto(`${product.app}/sign-up`)
    await page.getByLabel('Name').fill('Grace')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill('password123')
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page.getByRole('alert')).toContainText('one of the most common')
    await page.getByLabel('Password').fill(passwords.first)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page).toHaveURL(`${product.app}/billing`)
  })

  await test.step('confirm the address through the mail of the sign-up', async () => {
    await page.goto(`${product.app}/outbox`)
    await expectAccessible(page)
    await followMail(page, 'confirm your e-mail address')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('link', { name: 'Open your account' }).click()
    await expect(page.getByRole('region', { name: 'E-mail address' })).toContainText(
      `${email}, confirmed`,
    )
  })

  await test.step('a new password ends the session of another browser', async () => {
    const other = await signIn(browser, passwords.first)
    await page.reload()
    const panel = page.getByRole('region', { name: 'Password' })
    await panel.getByLabel('Current password').fill(passwords.first)
    await panel.getByLabel('New password').fill(passwords.second)
    await panel.getByRole('button', { name: 'Change password' }).click()
    await expect(panel.getByRole('status')).toContainText('Your password was changed')
    await other.goto(`${product.app}/account`)
    await expect(other).toHaveURL(/\/sign-in/)
    await other.context().close()
    await expectAccessible(page)
  })

  await test.step('a session elsewhere is seen and signed out', async () => {
    const other = await signIn(browser, passwords.second)
    await page.reload()
    const sessions = page.getByRole('region', { name: 'Sessions' })
    await expect(sessions.getByRole('listitem')).toHaveCount(2)
    await sessions.getByRole('button', { name: /^Sign out \w+ on/ }).click()
    await expect(sessions.getByRole('listitem')).toHaveCount(1)
    await other.goto(`${product.app}/account`)
    await expect(other).toHaveURL(/\/sign-in/)
    await other.context().close()
  })

  await test.step('a forgotten password is chosen anew through the outbox', async () => {
    await page.getByRole('button', { name: 'Account menu' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.goto(`${product.app}/sign-in`)
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByRole('link', { name: 'open the outbox' }).click()
    await followMail(page, 'choose a new password')
    await expectAccessible(page)
    await page.getByLabel('New password').fill(passwords.third)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await fillSignIn(page, passwords.third)
  })

  await test.step('the account is deleted with the password, and signs in no more', async () => {
    await page.goto(`${product.app}/account`)
    const panel = page.getByRole('region', { name: 'Delete account' })
    await panel.getByRole('button', { name: 'Delete account' }).click()
    await panel.getByLabel('Your password').fill('not the password')
    await panel.getByRole('button', { name: 'Delete for good' }).click()
    await expect(panel.getByRole('alert')).toContainText('The password is wrong')
    await panel.getByLabel('Your password').fill(passwords.third)
    await panel.getByRole('button', { name: 'Delete for good' }).click()
    await expect(page.getByRole('link', { name: 'Create an account' })).toBeVisible()
    await page.goto(`${product.app}/sign-in`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(passwords.third)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
  })
})

test('the operator bans somebody, who is signed out at once and told why', async ({
  page,
  browser,
}) => {
  const customer = await (await browser.newContext()).newPage()
  await customer.goto(`${product.app}/sign-up`)
  await customer.getByLabel('Name').fill('Mallory')
  await customer.getByLabel('E-mail').fill('mallory@example.com')
  await customer.getByLabel('Password').fill(passwords.first)
  await customer.getByRole('button', { name: 'Create account' }).click()
  await expect(customer).toHaveURL(`${product.app}/billing`)

  await page.goto(`${product.app}/sign-in`)
  await page.getByLabel('E-mail').fill(product.admin.email)
  await page.getByLabel('Password').fill(product.admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(`${product.app}/billing`)
  await page.goto(`${product.app}/admin/billing`)
  await page.getByRole('tab', { name: 'Users' }).click()
  await page.getByRole('button', { name: 'mallory@example.com' }).click()
  await page.getByRole('button', { name: 'Ban', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Ban mallory@example.com?' })
  await dialog.getByLabel('Reason').fill('tries other people’s passwords')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Ban' }).click()
  await expect(page.getByText('Banned', { exact: true })).toBeVisible()

  await customer.goto(`${product.app}/billing`)
  await expect(customer).toHaveURL(/\/sign-in/)
  await customer.getByLabel('E-mail').fill('mallory@example.com')
  await customer.getByLabel('Password').fill(passwords.first)
  await customer.getByRole('button', { name: 'Sign in' }).click()
  await expect(customer.getByRole('alert')).toContainText('This account is banned')
  await customer.context().close()
})

/** Another browser, in which the account is signed in. */
async function signIn(browser: Browser, password: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${product.app}/sign-in`)
  await fillSignIn(page, password)
  return page
}

async function fillSignIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(`${product.app}/billing`)
}

/** Opens the link in the last mail with this subject. */
async function followMail(page: Page, subject: string): Promise<void> {
  const mail = page.getByRole('listitem').filter({ hasText: subject }).first()
  await mail.getByRole('link').click()
}
