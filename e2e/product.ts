import { createServer, type Server } from 'node:http'
import { discard, newInstallation, type Started, startAll, stop } from '@tollgate/testing/product'

/** The product as `npm start` runs it, on ports and data of its own, with a site for its scraper to fetch. */
export interface Product {
  app: string
  agent: string
  stripe: string
  /** A page that the scraper may fetch though it is on this machine. */
  site: string
  /** As printed at the start. */
  customer: Account
  admin: Account
  /** Stops everything and starts it again on the same data. */
  restart(): Promise<void>
  end(): Promise<void>
}

export interface Account {
  email: string
  password: string
}

export async function startProduct(): Promise<Product> {
  const installation = await newInstallation()
  const site = await startSite()
  const env = { ...installation, SCRAPER_ALLOW_ORIGIN: site.origin }
  let started = await startAll(env)
  return {
    app: `http://127.0.0.1:${installation.PORT}`,
    agent: `http://127.0.0.1:${installation.AGENT_PORT}`,
    stripe: `http://127.0.0.1:${installation.STRIPE_EMULATOR_PORT}`,
    site: `${site.origin}/article`,
    customer: printedAccount(started, 'Customer'),
    admin: printedAccount(started, 'Admin'),
    async restart() {
      await stop(started)
      started = await startAll(env)
    },
    async end() {
      site.server.close()
      await stop(started)
      await discard(installation)
    },
  }
}

function printedAccount(started: Started, name: string): Account {
  const match = new RegExp(`^ *${name} +(\\S+@\\S+) +(\\S+)$`, 'm').exec(started.output())
  const [, email, password] = match ?? []
  if (!email || !password) throw new Error(`the start printed no sign-in of the ${name}`)
  return { email, password }
}

async function startSite(): Promise<{ server: Server; origin: string }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<title>An article</title><p>With a <a href="/next">link</a>.</p>')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}
