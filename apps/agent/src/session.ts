import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { HttpError } from './http-error.ts'

/** The user whose session a request carries. Throws 401 where it carries none, 503 where nobody can tell. */
export type Identify = (headers: IncomingHttpHeaders) => Promise<string>

const TIMEOUT_MS = 5_000

const sessionSchema = z.object({ user: z.object({ id: z.string().min(1) }) }).nullable()

type Session = z.output<typeof sessionSchema>

/** Asks Tollgate's own sign-in, with the caller's cookie and nothing else of the request. */
export function identifyThrough(tollgateUrl: string): Identify {
  const url = `${tollgateUrl.replace(/\/+$/, '')}/api/auth/get-session`
  return async ({ cookie }) => {
    if (!cookie) throw new HttpError(401, 'Sign in first.')
    const session = await ask(url, cookie)
    if (!session) throw new HttpError(401, 'Sign in first.')
    return session.user.id
  }
}

async function ask(url: string, cookie: string): Promise<Session> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, { headers: { cookie }, redirect: 'error', signal })
    if (!response.ok) throw new Error(`get-session answered ${response.status}`)
    return sessionSchema.parse(await response.json())
  } catch (cause) {
    const message = 'The sign-in could not be reached; try again.'
    throw new HttpError(503, message, { retryAfterSeconds: 1, cause })
  }
}

/**
 * Whether a page of ours sent this. A form can't send JSON, and a foreign page's script can't without asking first; an
 * Origin is the browser's word, which no page can change. Needed wherever a cookie says who calls.
 */
export function isSameSite(headers: IncomingHttpHeaders, origins: readonly string[]): boolean {
  const { origin, 'content-type': contentType = '' } = headers
  const isJson = contentType.split(';')[0]?.trim().toLowerCase() === 'application/json'
  return isJson && origin !== undefined && origins.includes(origin)
}
