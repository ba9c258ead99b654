import type { World } from '../world.ts'
import type { Answers, Call } from './load.ts'
import { load } from './load.ts'

/** Calls of a mutation, spread over users in turn, with a fresh key each. */
export function uses(
  count: number,
  procedure: string,
  { users, nextKey }: { users: readonly string[]; nextKey: () => string },
): Call[] {
  return Array.from({ length: count }, (_, i) => ({
    path: `/api/trpc/${procedure}`,
    body: JSON.stringify({
      userId: users[i % users.length],
      meter: 'tokens',
      amount: 1,
      idempotencyKey: nextKey(),
    }),
  }))
}

/** The same query again and again. */
export function queries(count: number, procedure: string, input: object): Call[] {
  const path = `/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`
  return Array.from({ length: count }, () => ({ path }))
}

/** Makes the calls, and throws where one of them is refused. */
export async function allowed(
  { key }: World,
  {
    url,
    connections,
    calls,
  }: { url: string | readonly string[]; connections: number; calls: Call[] },
): Promise<Answers> {
  const urls = typeof url === 'string' ? [url] : url
  const answers = await load({ urls, connections, calls, key })
  if (answers.refused > 0) throw new Error(`${answers.refused} calls within the limit were refused`)
  return answers
}
