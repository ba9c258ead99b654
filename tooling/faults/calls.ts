import { closeContext, createContext } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import { addSubscriber, apiKey } from '../../apps/server/test/subscribers.ts'
import { catalog } from '../testing/src/catalog.ts'

/** A program that meters a user's work. */
export interface Caller {
  userId: string
  key: string
}

/** Makes a subscriber and a key on a database, past whatever stands before it. */
export async function createCaller(databaseUrl: string): Promise<Caller> {
  const core = createContext({
    catalog,
    databaseUrl,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  const userId = `user_${crypto.randomUUID()}`
  await addSubscriber(core, userId, 1_000_000)
  const key = await apiKey(core, ['usage:write', 'usage:read', 'billing:read'])
  await closeContext(core)
  return { userId, key }
}

export interface Answer {
  status: number
  retryAfter: string | null
  body: Record<string, unknown>
  ms: number
}

/** Uses one token of the caller's. */
export function call(url: string, { userId, key }: Caller, idempotencyKey: string) {
  return ask(`${url}/api/usage/consume`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, meter: 'tokens', amount: 1, idempotencyKey }),
  })
}

/** What the caller has used, as the API says. */
export async function usedBy(url: string, { userId, key }: Caller): Promise<number> {
  const { body } = await ask(`${url}/api/usage/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, meter: 'tokens' }),
  })
  return (body as { balance: { used: number } }).balance.used
}

export function signIn(url: string): Promise<Answer> {
  return ask(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@example.com', password: 'a long password' }),
  })
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const started = performance.now()
  const response = await fetch(url, init)
  const body = (await response.json()) as Record<string, unknown>
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body,
    ms: performance.now() - started,
  }
}
