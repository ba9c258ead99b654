import { test as base } from '@playwright/test'
import { discard, newInstallation, startAll, stop } from '@tollgate/testing/product'

export interface SignIn {
  email: string
  password: string
}

/** A product that was started for the tests of one worker, as `npm start` starts it. */
export interface Product {
  /** Its origin: http://127.0.0.1:PORT. */
  url: string
  agentUrl: string
  customer: SignIn
  admin: SignIn
}

/** Playwright's `test`, with a running product whose pages are at `baseURL`. */
export const test = base.extend<object, { product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures it needs from this pattern
    async ({}, use) => {
      const installation = await newInstallation()
      try {
        const started = await startAll(installation)
        await use({
          url: `http://127.0.0.1:${installation.PORT}`,
          agentUrl: `http://127.0.0.1:${installation.AGENT_PORT}`,
          customer: signInOf('Customer', started.output()),
          admin: signInOf('Admin', started.output()),
        })
        await stop(started)
      } finally {
        await discard(installation)
      }
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ product }, use) => use(product.url),
})

export { expect } from '@playwright/test'

function signInOf(who: 'Customer' | 'Admin', output: string): SignIn {
  const [, email = '', password = ''] = new RegExp(`${who} +(\\S+@\\S+) +(\\S+)`).exec(output) ?? []
  return { email, password }
}
