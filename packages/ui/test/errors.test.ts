import type { AppRouter } from '@tollgate/api'
import { TRPCClientError } from '@trpc/client'
import { describe, expect, test } from 'vitest'
import { describeError, isTemporary } from '../src/api/errors.ts'

type ErrorCode = NonNullable<TRPCClientError<AppRouter>['data']>['errorCode']

function failed(errorCode: ErrorCode, httpStatus: number, message = 'Said the server.') {
  const data = { code: 'BAD_REQUEST' as const, httpStatus, path: 'billing.checkout', errorCode }
  return new TRPCClientError<AppRouter>(message, {
    result: { error: { code: -32600, message, data } },
  })
}

describe('a failed call', () => {
  test('is told in the words of the server, where the page knows none better', () => {
    expect(describeError(failed('ALREADY_SUBSCRIBED', 409)).message).toBe('Said the server.')
    expect(describeError(failed('STRIPE_REJECTED', 402)).message).toBe('Said the server.')
  })

  test('of Stripe’s absence says so, whatever the server’s words are', () => {
    const { title } = describeError(failed('STRIPE_UNAVAILABLE', 503))
    expect(title).toBe('Stripe can’t be reached right now')
  })

  test('without any answer is about the connection', () => {
    const error = TRPCClientError.from<AppRouter>(new TypeError('Failed to fetch'))
    expect(describeError(error).title).toBe('The server can’t be reached')
  })

  test('is tried again by itself only when a second later may be better', () => {
    expect(isTemporary(TRPCClientError.from<AppRouter>(new TypeError('Failed to fetch')))).toBe(
      true,
    )
    expect(isTemporary(failed('UNAVAILABLE', 503))).toBe(true)
    expect(isTemporary(failed('FORBIDDEN', 403))).toBe(false)
    expect(isTemporary(failed('INTERNAL', 500))).toBe(false)
    expect(isTemporary(new Error('of our own making'))).toBe(false)
  })
})
