import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'
import { StripeSync } from '@supabase/stripe-sync-engine'

// What we are measured against, in a process of its own: `processWebhook` behind a route that answers 200 when it is done.

const [databaseUrl = '', secret = '', poolSize = ''] = process.argv.slice(2)

// Its ES module looks for the migrations in `__dirname`, which an ES module has not.
const { runMigrations }: typeof import('@supabase/stripe-sync-engine') = createRequire(
  import.meta.url,
)('@supabase/stripe-sync-engine')
await runMigrations({ databaseUrl, schema: 'stripe' })
const engine = new StripeSync({
  schema: 'stripe',
  stripeSecretKey: 'sk_test_unused',
  stripeWebhookSecret: secret,
  backfillRelatedEntities: false,
  autoExpandLists: false,
  poolConfig: { connectionString: databaseUrl, max: Number(poolSize) },
})

const server = createServer(async (request, response) => {
  const signature = request.headers['stripe-signature']
  const answer = (status: number, body: object) => {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': text.length }
    response.writeHead(status, headers).end(text)
  }
  try {
    await engine.processWebhook(await buffer(request), String(signature))
    answer(200, { received: true })
  } catch (error) {
    answer(500, { message: String(error) })
  }
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`listening on ${address.port}`)
})
