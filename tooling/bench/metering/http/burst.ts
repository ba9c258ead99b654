import { setQuota } from '@tollgate/core'
import type { World } from '../world.ts'
import { addSubscribers } from '../world.ts'
import { uses } from './calls.ts'
import type { Servers } from './groups.ts'
import { load } from './load.ts'

const LIMIT = 1_000

/**
 * Two processes at a limit: of twice as many calls as it allows, each made twice under its key, exactly `LIMIT` keys
 * are allowed, and a repeat of one of these has no second effect. Throws otherwise, and answers how many rows that is.
 */
export async function burst(world: World, { first, second }: Servers): Promise<number> {
  const userId = 'limited'
  await addSubscribers(world.ctx, [userId])
  const actor = { kind: 'command', id: 'bench' } as const
  const limit = { userId, meter: 'tokens', limit: LIMIT, reason: 'benchmark', actor } as const
  await setQuota(world.ctx, limit)
  let keys = 0
  const nextKey = () => `burst-${keys++ >> 1}`
  const calls = uses(4 * LIMIT, 'usage.consume', { users: [userId], nextKey })
  const answers = await load({ urls: [first, second], connections: 64, calls, key: world.key })
  const allowed = calls.length - answers.refused
  if (allowed !== 2 * LIMIT) {
    throw new Error(`${allowed} of ${calls.length} calls at a limit of ${LIMIT} were allowed`)
  }
  return LIMIT
}
