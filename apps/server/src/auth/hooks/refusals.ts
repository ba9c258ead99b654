import { TollgateError } from '@tollgate/core'
import { APIError } from 'better-auth/api'

/** Refusals of sign-in routes, in the shape of better-auth: `{ code, message }`. */
export const refusals = {
  notThere: () => new APIError('NOT_FOUND'),
  noMail: () =>
    new APIError('BAD_REQUEST', {
      code: 'MAIL_NOT_SET_UP',
      message: 'This server can’t send mail, so this can’t be done here. Ask whoever runs it.',
    }),
  weakPassword: (message: string) =>
    new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_COMMON', message }),
  wrongPassword: () =>
    new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: 'The password is wrong.' }),
  wrongSignIn: () =>
    new APIError('UNAUTHORIZED', {
      code: 'INVALID_EMAIL_OR_PASSWORD',
      message: 'Invalid email or password',
    }),
  badText: (field: string) =>
    new APIError('BAD_REQUEST', {
      code: 'VALIDATION_ERROR',
      message: `${field} has characters or a length that can’t be stored`,
    }),
  taken: () =>
    new APIError('UNPROCESSABLE_ENTITY', {
      code: 'USER_ALREADY_EXISTS',
      message: 'This address belongs to another account by now.',
    }),
  banned: () =>
    new APIError('FORBIDDEN', {
      code: 'ACCOUNT_BANNED',
      message: 'This account is banned. Ask whoever runs this product.',
    }),
  tooMany: (retryAfterSeconds: number) =>
    new APIError(
      'TOO_MANY_REQUESTS',
      {
        code: 'TOO_MANY_TRIES',
        message: `Too many wrong passwords. Try again in ${inWords(retryAfterSeconds)}.`,
      },
      { 'retry-after': String(retryAfterSeconds) },
    ),
} as const

const statuses = {
  VALIDATION: 'BAD_REQUEST',
  USER_NOT_FOUND: 'NOT_FOUND',
  STRIPE_REJECTED: 'PAYMENT_REQUIRED',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  STRIPE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
} as const

/** What core refused, as better-auth's routes answer it. Anything else stays what it was. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof TollgateError)) return error
  const { code, message, retryAfterSeconds } = error
  const status = Object.entries(statuses).find(([known]) => known === code)?.[1]
  const headers = retryAfterSeconds ? { 'retry-after': String(retryAfterSeconds) } : {}
  return status ? new APIError(status, { code, message }, headers) : error
}

function inWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  if (minutes > 90) return `${Math.ceil(minutes / 60)} hours`
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
