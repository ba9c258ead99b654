import qs from 'qs'

/** Parses form encoding as Stripe's clients write it: `items[0][price]=…`, `expand[]=…`. */
export function decodeForm(encoded: string): Record<string, unknown> {
  return qs.parse(encoded, {
    depth: 10,
    arrayLimit: 1000,
    parameterLimit: 10_000,
    plainObjects: false,
  })
}
