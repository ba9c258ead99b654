import type { AppRouter } from '@tollgate/api'
import { isTRPCClientError } from '@trpc/client'
import type { ApiError } from './types.ts'

/** A failure as the person in front of the page should read it. */
export interface ErrorText {
  /** Null where the message says it all. */
  title: string | null
  message: string
}

/** What to tell about a failed call. The server's own message, except where the page knows better. */
export function describeError(error: ApiError): ErrorText {
  if (!error.data) {
    return {
      title: 'The server can’t be reached',
      message: 'Check your connection, then try again.',
    }
  }
  switch (error.data.errorCode) {
    case 'STRIPE_UNAVAILABLE':
      return { title: 'Stripe can’t be reached right now', message: 'Try again in a moment.' }
    case 'UNAUTHENTICATED':
      return { title: 'Your session has ended', message: 'Reload the page to sign in again.' }
    case 'FORBIDDEN':
      return { title: 'You may not see this', message: error.message }
    case 'RATE_LIMITED':
      return { title: 'Too many requests', message: 'Wait a moment, then try again.' }
    case 'STRIPE_REJECTED':
      return { title: 'Stripe refused this', message: error.message }
    default:
      return { title: null, message: error.message }
  }
}

/** Whether the same call may succeed a second later: nothing answered, or a 503. */
export function isTemporary(error: unknown): boolean {
  return isTRPCClientError<AppRouter>(error) && (!error.data || error.data.httpStatus === 503)
}
