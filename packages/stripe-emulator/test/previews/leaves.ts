import type { Param } from '../../src/http/params/param.ts'

/** Objects that are read as one value. */
const WHOLE =
  /\[(address|bill_for|discounts|duration|period|price_data|shipping|tax|tax_ids|tax_rates|default_tax_rates)\]$|^discounts$/

/** The names of the parameters that are accepted and take effect, at any depth: `items[][price]`. */
export function leavesOf(param: Param<unknown>, name = ''): string[] {
  if (param.without !== undefined) return []
  const { fields, anyOf, entries } = param.inside ?? {}
  if (WHOLE.test(name)) return [name]
  const inside = [
    ...Object.entries(fields ?? {}).flatMap(([key, field]) =>
      leavesOf(field, name === '' ? key : `${name}[${key}]`),
    ),
    ...(anyOf ?? []).flatMap((one) => leavesOf(one, name)),
    ...(entries === undefined ? [] : leavesOf(entries, `${name}[]`)),
  ]
  const isValue = fields === undefined && entries === undefined && anyOf === undefined
  return isValue ? [name] : [...new Set(inside)]
}
