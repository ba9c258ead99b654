import { invalidRequest } from '../../core/errors.ts'
import type { Param } from './param.ts'
import { text } from './param.ts'

/** The currencies of Stripe, in the order in which its error message lists them. */
const CURRENCIES =
  'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw usdc btn ghs eek lvl svc vef ltl sll mro'.split(
    ' ',
  )
const KNOWN = new Set(CURRENCIES)

/** A currency, in any case; read as lower case. */
export const currencyParam: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    const currency = given.toLowerCase()
    if (KNOWN.has(currency)) return currency
    throw invalidRequest(unknownCurrency(given), { param: name })
  },
}

function unknownCurrency(given: string): string {
  return `Invalid currency: ${given}. Stripe currently supports these currencies: ${CURRENCIES.join(', ')}`
}

/** Values by currency: `currency_options[eur][unit_amount]`. The currencies must be in lower case. */
export function byCurrency<T>(entry: Param<T>): Param<Record<string, T>> {
  return {
    inside: { entries: entry },
    read(value, name) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw invalidRequest('Invalid object', { param: name })
      }
      const read = Object.entries(value).map(([key, one]) => {
        checkKey(key, name)
        return [key, entry.read(one, `${name}[${key}]`)] as const
      })
      return Object.fromEntries(read)
    },
  }
}

function checkKey(key: string, name: string): void {
  if (KNOWN.has(key)) return
  const currency = key.toLowerCase()
  throw invalidRequest(
    KNOWN.has(currency)
      ? `Currencies must be lowercase when used as keys in a map. Use \`${currency}\` instead of \`${key}\`.`
      : `${unknownCurrency(key)}.`,
    { param: name },
  )
}
