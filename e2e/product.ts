import type { Listening } from '@tollgate/testing/listen'
import { listen } from '@tollgate/testing/listen'
import { discard, newInstallation, type Started, startAll, stop } from '@tollgate/testing/product'
import { ownStripe, pagesOf, prepare, startAgent } from './own-stripe.ts'

/** The product as `npm start` runs it, on ports and data of its own, with a site for its scraper to fetch. Against the local
 * Stripe, or the one that the environment names. */
export interface Product {
  app: string
  agent: string
  /** Where Stripe's pages begin. */
  pages: { checkout: string; portal: string }
  /** A page that the scraper may fetch though it is on this machine. */
  site: string
  /** As printed at the start; with a Stripe of one's own, made for this run. */
  admin: Account
  /** Stops everything and starts it again on the same data. */
  restart(): Promise<void>
  end(): Promise<void>
}

export interface Account {
  email: string
  password: string
}

/** `extra`: further variables of its environment. */
export async function startProduct(extra: Record<string, string> = {}): Promise<Product> {
  const installation = await newInstallation()
  const site = await startSite()
  const own = ownStripe()
  const env = { ...installation, SCRAPER_ALLOW_ORIGIN: site.url, ...extra, ...own }
  let started = await startAll(env)
  const app = `http://127.0.0.1:${env.PORT}`
  const local = `http://127.0.0.1:${installation.STRIPE_EMULATOR_PORT}`
  const made = own === null ? null : await preparedOrEnded(env, { app, started })
  return {
    app,
    agent: `http://127.0.0.1:${installation.AGENT_PORT}`,
    pages: pagesOf(own === null ? local : own['STRIPE_API_BASE']),
    site: `${site.url}/article`,
    admin: made?.admin ?? printedAccount(started, 'Admin'),
    async restart() {
      await stop(started)
      started = await startAll(env)
    },
    async end() {
      await site.close()
      made?.agent.kill()
      await stop(started)
      await discard(installation)
    },
  }
}

/** What the start does not make with a Stripe of one's own; when that fails, nothing is left running. */
async function preparedOrEnded(
  env: Record<string, string>,
  { app, started }: { app: string; started: Started },
) {
  try {
    return { admin: await prepare(env, app), agent: await startAgent(env, app) }
  } catch (error) {
    await stop(started)
    throw error
  }
}

function printedAccount(started: Started, name: string): Account {
  const match = new RegExp(`^ *${name} +(\\S+@\\S+) +(\\S+)$`, 'm').exec(started.output())
  const [, email, password] = match ?? []
  if (!email || !password) throw new Error(`the start printed no sign-in of the ${name}`)
  return { email, password }
}

function startSite(): Promise<Listening> {
  return listen((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<title>An article</title><p>With a <a href="/next">link</a>.</p>')
  })
}
