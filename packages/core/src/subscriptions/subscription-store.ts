import type { Context } from '../context.ts'
import { userNotFound } from '../quota/index.ts'

/** The subscription that counts for a user. Throws USER_NOT_FOUND. */
export async function readCurrent(ctx: Context, userId: string) {
  const user = await ctx.db.prisma.user.findUnique({
    where: { id: userId },
    select: { subscriptions: { where: { isCurrent: true } } },
  })
  if (!user) throw userNotFound(userId)
  return user.subscriptions[0] ?? null
}

/** All subscriptions that a user ever had, the newest first. */
export async function readSubscriptions(ctx: Context, userId: string) {
  return ctx.db.prisma.subscription.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: {
      id: true,
      plan: true,
      priceId: true,
      status: true,
      isCurrent: true,
      createdAt: true,
      endedAt: true,
    },
  })
}
