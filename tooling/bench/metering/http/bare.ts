import Fastify from 'fastify'

// The least that Fastify can do for a JSON call: parse the body, answer an object of the same shape as a consume's.

const app = Fastify()
app.post('/', async () => ({
  result: {
    data: {
      allowed: true,
      reason: null,
      message: null,
      usageId: '019ab0c4-4f1c-7000-8000-000000000000.dXNlcl8w',
      replayed: false,
      balance: {
        meter: 'tokens',
        used: 1,
        reserved: 0,
        limit: 1_000_000_000_000,
        unlimited: false,
        remaining: 999_999_999_999,
        credits: 0,
        overage: null,
        periodStart: '2026-01-01T00:00:00.000Z',
        resetsAt: '2026-02-01T00:00:00.000Z',
      },
    },
  },
}))
process.once('disconnect', () => process.exit(0))
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
