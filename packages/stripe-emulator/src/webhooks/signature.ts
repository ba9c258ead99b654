import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` of a body: the time, and the HMAC-SHA256 of `time.body` (docs/stripe.md, fact 21). */
export function signatureOf(body: string, secret: string, seconds: number): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${signature}`
}
