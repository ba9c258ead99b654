import type { AppRouter } from '@tollgate/api'
import { isTRPCClientError } from '@trpc/client'
import type { ApiError } from './types.ts'

/** An error as the page shows it. */
export interface ErrorText {
  /** Null if the message is enough. */
  title: string | null
  message: string
}

/** The text for a failed call: the server's message, or a better one where the page has it. */
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

/** Whether the same call may succeed a second later: there was no answer, or status 503. */
export function isTemporary(error: unknown): boolean {
  return isTRPCClientError<AppRouter>(error) && (!error.data || error.data.httpStatus === 503)
}
