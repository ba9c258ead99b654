import type { PlaywrightWorkerArgs } from '@playwright/test'
import type { Product } from './product.ts'

/** Creates a key for an app that records usage, as the admin does over the API. */
export async function createApiKey(
  { request }: PlaywrightWorkerArgs['playwright'],
  { app, admin }: Product,
): Promise<string> {
  const context = await request.newContext({ extraHTTPHeaders: { origin: app } })
  await context.post(`${app}/api/auth/sign-in/email`, { data: admin })
  const created = await context.post(`${app}/api/trpc/admin.apiKeys.create`, {
    data: { name: 'test', scopes: ['usage:write', 'usage:read'] },
  })
  const { result } = (await created.json()) as { result: { data: { key: string } } }
  await context.dispose()
  return result.data.key
}

/** The id of the person who is signed in, in these cookies. */
export async function signedInUser(
  request: { get(url: string): Promise<{ json(): Promise<unknown> }> },
  { app }: Product,
): Promise<string> {
  const answer = await request.get(`${app}/api/auth/get-session`)
  const { user } = (await answer.json()) as { user: { id: string } }
  return user.id
}
