import { createHmac, timingSafeEqual } from 'node:crypto'

/** How old a signature may be. */
const TOLERANCE_SECONDS = 300

export interface SignedBody {
  /** The bytes as they were received: a body that was parsed and written again fails the signature. */
  rawBody: Buffer
  /** The Stripe-Signature header. */
  signature: string | undefined
}

/**
 * Whether one of the secrets signed a body at most 300 s ago, in whole seconds. The header is `t=SECONDS,v1=HEX`, where
 * each `v1` is an HMAC-SHA256 of `SECONDS.BODY`; there are several while a secret is replaced (docs/stripe.md, fact 21).
 * Never throws. A test holds it equal to the Stripe package's own check, which would first decode the bytes to text.
 */
export function isSigned(
  { rawBody, signature = '' }: SignedBody,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): boolean {
  let signedAt = ''
  const given: Buffer[] = []
  for (const part of signature.split(',')) {
    if (part.startsWith('t=')) signedAt = part.slice(2)
    else if (part.startsWith('v1=')) given.push(Buffer.from(part.slice(3)))
  }
  if (!/^\d+$/.test(signedAt)) return false
  if (Math.floor(now.getTime() / 1_000) - Number(signedAt) > TOLERANCE_SECONDS) return false
  return secrets.some((secret) => {
    const hmac = createHmac('sha256', secret).update(`${signedAt}.`).update(rawBody)
    const due = Buffer.from(hmac.digest('hex'))
    return given.some((each) => each.length === due.length && timingSafeEqual(each, due))
  })
}
