import { StripeError } from '../../core/errors.ts'

const MISSING =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/."

const PUBLISHABLE =
  'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.'

/**
 * Accepts any secret or restricted key of test mode, or only `apiKey` where one is set, and returns it. Throws 401
 * for all else.
 */
export function authenticate(header: string | undefined, apiKey: string | undefined): string {
  const key = header === undefined ? '' : keyOf(header)
  if (key === '') throw unauthorized({ message: MISSING })
  const fits = apiKey === undefined ? /^[sr]k_test_/.test(key) : key === apiKey
  if (fits) return key
  if (key.startsWith('pk_')) {
    throw unauthorized({ code: 'secret_key_required', message: PUBLISHABLE })
  }
  throw unauthorized({ message: `Invalid API Key provided: ${masked(key)}` })
}

function unauthorized(error: { code?: string; message: string }): StripeError {
  return new StripeError(401, { type: 'invalid_request_error', ...error })
}

function keyOf(header: string): string {
  const [scheme = '', credentials = ''] = header.split(' ')
  if (scheme.toLowerCase() !== 'basic') return credentials
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? ''
}

function masked(key: string): string {
  return key.length < 12 ? key : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`
}
