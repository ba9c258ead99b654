import { StripeError } from '../core/errors.ts'

/** The status and JSON body of a response. */
export interface JsonResponse {
  status: number
  body: string
}

/** A response body as Stripe writes it: JSON indented by two spaces. */
export function toBody(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The error object for a `StripeError`; any other error is a defect of the emulator and gives a 500. */
export function errorResponse(error: unknown, requestId: string): JsonResponse {
  const known =
    error instanceof StripeError
      ? error
      : new StripeError(500, {
          type: 'api_error',
          message: `stripe-emulator failed on this request: ${error instanceof Error ? error.message : String(error)}`,
        })
  const { code } = known.fields
  const docUrl =
    code === undefined
      ? {}
      : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }
  const fields = {
    ...known.fields,
    ...docUrl,
    request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
  }
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return { status: known.status, body: toBody({ error: Object.fromEntries(sorted) }) }
}
