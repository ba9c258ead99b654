import { appRouter } from '@tollgate/api'
import { monthOf } from '@tollgate/core/testing'
import { coreOf } from '../../../../packages/api/src/context.ts'
import { consumed, consumeInput } from '../../../../packages/api/src/schemas/usage.ts'
import { procedureFor, router } from '../../../../packages/api/src/trpc.ts'

const LIMIT = 1_000_000_000_000

/** As `usage.consume`: the same sign-in, the same schemas. */
const likeConsume = procedureFor(() => ({ who: 'key', scope: 'usage:write' }))
  .input(consumeInput)
  .output(consumed)

/** What the HTTP stack costs without any metering. */
const noop = likeConsume.mutation(({ ctx, input }) => answer(ctx, input.meter, input.amount))

/** The integration guide's pattern: sum the ledger, then insert a row. Two calls at once may both pass. */
const guide = likeConsume.mutation(async ({ ctx, input }) => {
  const { db, clock } = coreOf(ctx)
  const now = clock.now()
  const { rows } = await db.pool.query<{ used: string }>({
    name: 'guide-sum',
    text: `SELECT coalesce(sum(amount), 0) AS used FROM guide_usage
      WHERE user_id = $1 AND meter = $2 AND created_at >= $3`,
    values: [input.userId, input.meter, monthOf(now).startsAt],
  })
  const used = Number(rows[0]?.used) + input.amount
  if (used > LIMIT) throw new Error('a call within the limit was refused')
  await db.pool.query({
    name: 'guide-insert',
    text: 'INSERT INTO guide_usage (user_id, meter, amount, metadata, created_at) VALUES ($1, $2, $3, $4, $5)',
    values: [input.userId, input.meter, input.amount, input.metadata ?? null, now.toISOString()],
  })
  return answer(ctx, input.meter, used)
})

/** The product's router with what it is measured against. */
export const benchRouter = router({ ...appRouter._def.record, bench: router({ noop, guide }) })

function answer(ctx: Parameters<typeof coreOf>[0], meter: string, used: number) {
  const { startsAt, endsAt } = monthOf(coreOf(ctx).clock.now())
  return {
    allowed: true,
    reason: null,
    message: null,
    usageId: '019ab0c4-4f1c-7000-8000-000000000000.dXNlcl8w',
    replayed: false,
    balance: {
      meter,
      used,
      reserved: 0,
      limit: LIMIT,
      unlimited: false,
      remaining: LIMIT - used,
      credits: 0,
      overage: null,
      periodStart: startsAt,
      resetsAt: endsAt,
    },
  }
}
