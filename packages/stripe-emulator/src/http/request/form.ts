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

/** Parses the body of the v2 API; what is not JSON has no fields. */
export function decodeJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}
