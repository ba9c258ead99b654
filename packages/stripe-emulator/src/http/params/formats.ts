import { invalidRequest } from '../../core/errors.ts'
import type { Param } from './param.ts'
import { text } from './param.ts'

/** The currencies in the order of Stripe's own message. */
const CURRENCIES =
  'usd, aed, afn, all, amd, ang, aoa, ars, aud, awg, azn, bam, bbd, bdt, bgn, bhd, bif, bmd, bnd, bob, brl, bsd, bwp, byn, bzd, cad, cdf, chf, clp, cny, cop, crc, cve, czk, djf, dkk, dop, dzd, egp, etb, eur, fjd, fkp, gbp, gel, gip, gmd, gnf, gtq, gyd, hkd, hnl, hrk, htg, huf, idr, ils, inr, isk, jmd, jod, jpy, kes, kgs, khr, kmf, krw, kwd, kyd, kzt, lak, lbp, lkr, lrd, lsl, mad, mdl, mga, mkd, mmk, mnt, mop, mur, mvr, mwk, mxn, myr, mzn, nad, ngn, nio, nok, npr, nzd, omr, pab, pen, pgk, php, pkr, pln, pyg, qar, ron, rsd, rub, rwf, sar, sbd, scr, sek, sgd, shp, sle, sos, srd, std, szl, thb, tjs, tnd, top, try, ttd, twd, tzs, uah, ugx, uyu, uzs, vnd, vuv, wst, xaf, xcd, xcg, xof, xpf, yer, zar, zmw, usdc, btn, ghs, eek, lvl, svc, vef, ltl, sll, mro'

const KNOWN: ReadonlySet<string> = new Set(CURRENCIES.split(', '))

/** A currency that Stripe knows, in lower case. */
export const currency: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    const code = given.toLowerCase()
    if (KNOWN.has(code)) return code
    throw invalidRequest(
      `Invalid currency: ${given}. Stripe currently supports these currencies: ${CURRENCIES}`,
      { param: name },
    )
  },
}

/** An address of e-mail. */
export const email: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(given)) return given
    throw invalidRequest(`Invalid email address: ${given}`, { code: 'email_invalid', param: name })
  },
}

/** A string of at most so many characters. */
export function textUpTo(limit: number): Param<string> {
  return {
    read(value, name) {
      const given = text.read(value, name)
      const characters = [...given]
      if (characters.length <= limit) return given
      const shown = `${characters.slice(0, 4).join('')}...${characters.slice(-4).join('')}`
      throw invalidRequest(`Invalid string: ${shown}; must be at most ${limit} characters`, {
        param: name,
      })
    },
  }
}

const DESCRIPTOR_LENGTH = 22

/** What stands on the customer's bank statement: 22 characters, at least one letter, none of `<>\"'*`. */
export const statementDescriptor: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    const { length } = [...given]
    if (length > DESCRIPTOR_LENGTH) {
      throw invalidRequest(
        `The statement descriptor must be at most ${DESCRIPTOR_LENGTH} characters. ${given} is ${length} characters long.`,
        { param: name },
      )
    }
    if (/[a-z]/i.test(given) && !/[<>\\"'*]/.test(given)) return given
    throw invalidRequest(
      `The statement descriptor must contain at least one letter, and none of these: < > \\ " ' *`,
      { param: name },
    )
  },
}
