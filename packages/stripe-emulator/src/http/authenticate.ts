import { StripeError } from '../core/errors.ts'

const MISSING =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/."

/** Accepts any secret key of test mode, or only `apiKey` where one is set. Throws 401 for all else. */
export function authenticate(header: string | undefined, apiKey: string | undefined): void {
  const key = header === undefined ? '' : keyOf(header)
  if (key === '') throw new StripeError(401, { type: 'invalid_request_error', message: MISSING })
  const fits = apiKey === undefined ? key.startsWith('sk_test_') : key === apiKey
  if (fits) return
  throw new StripeError(401, {
    type: 'invalid_request_error',
    message: `Invalid API Key provided: ${masked(key)}`,
  })
}

function keyOf(header: string): string {
  const [scheme = '', credentials = ''] = header.split(' ')
  if (scheme.toLowerCase() !== 'basic') return credentials
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? ''
}

function masked(key: string): string {
  return key.length < 12 ? key : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`
}
