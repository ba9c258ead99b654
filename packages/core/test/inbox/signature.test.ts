import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { isSigned } from '../../src/inbox/signature.ts'

// Held equal to the Stripe package: what it refuses is refused here, and what it accepts is accepted.

const NOW_SECONDS = 1_795_000_000
const SECRETS = ['whsec_before', 'whsec_now'] as const

function packageSays(body: Buffer, header: string): boolean {
  const { signature } = Stripe.webhooks
  if (signature === null) throw new Error('the package can verify nothing')
  return SECRETS.some((secret) => {
    try {
      return signature.verifyHeader(body, header, secret, 300, undefined, NOW_SECONDS * 1_000)
    } catch {
      return false
    }
  })
}

const weSay = (rawBody: Buffer, signature: string) =>
  isSigned({ rawBody, signature }, { secrets: SECRETS, now: new Date(NOW_SECONDS * 1_000) })

interface Signed {
  body: string
  secret: string
  /** Of the signature; one to come is taken as well. */
  ageSeconds: number
}

/** The package drops a byte order mark before it looks: it would refuse a body that was signed with one. */
const bodies = fc
  .oneof(
    fc.json({ noUnicodeString: false }),
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  )
  .filter((body) => !body.startsWith('\ufeff'))
const signed: fc.Arbitrary<Signed> = fc.record({
  body: bodies,
  secret: fc.constantFrom(...SECRETS, 'whsec_other'),
  ageSeconds: fc.oneof(fc.integer({ min: -10, max: 400 }), fc.constantFrom(299, 300, 301)),
})

const sign = ({ body, secret, ageSeconds }: Signed) =>
  Stripe.webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: NOW_SECONDS - ageSeconds,
  })

/** A header with mistakes, or a part of one. */
const tampered = (header: string) =>
  fc
    .constantFrom(
      (text: string) => text,
      (text: string) => text.replace('v1=', 'v0='),
      (text: string) => text.replace('v1=', 'v1=00'),
      (text: string) => text.slice(0, -1),
      (text: string) => text.toUpperCase(),
      (text: string) => text.split(',').toReversed().join(','),
      (text: string) => `${text},v1=${'0'.repeat(64)}`,
      (text: string) => `v1=${'0'.repeat(64)},${text}`,
      (text: string) => text.replace(/t=\d+/, `t=${NOW_SECONDS - 7}`),
      (text: string) => text.replace(/t=\d+,/, ''),
      (text: string) => text.replaceAll(',', ', '),
      (text: string) => `${text},`,
      () => '',
    )
    .map((change) => change(header))

describe('a signature', () => {
  test('is taken or refused as by the Stripe package, of any body, age and secret', () => {
    fc.assert(
      fc.property(signed, (each) => {
        const body = Buffer.from(each.body)
        const ours = weSay(body, sign(each))
        expect(ours).toBe(packageSays(body, sign(each)))
        expect(ours).toBe(each.secret !== 'whsec_other' && each.ageSeconds <= 300)
      }),
    )
  })

  test('is taken or refused as by the Stripe package where its header was changed', () => {
    fc.assert(
      fc.property(
        signed.chain((each) => tampered(sign(each)).map((header) => ({ body: each.body, header }))),
        ({ body, header }) => {
          expect(weSay(Buffer.from(body), header)).toBe(packageSays(Buffer.from(body), header))
        },
      ),
    )
  })

  test('is not of a body of which one byte was changed', () => {
    fc.assert(
      fc.property(signed, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, at, change) => {
        const body = Buffer.from(each.body)
        const changed = Buffer.from(body)
        const place = at % body.length
        changed[place] = (changed[place] ?? 0) ^ change
        expect(weSay(changed, sign(each))).toBe(false)
      }),
    )
  })
})
