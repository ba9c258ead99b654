import type { Endpoint } from '../src/http/endpoint.ts'
import type { Param } from '../src/http/params/param.ts'

/** A parameter without an effect: its name, and why it is accepted all the same; no reason: it is rejected. */
export interface Finding {
  name: string
  cosmetic: string | null
}

/** The parameters of an endpoint that are rejected by name or only cosmetic, at any depth. */
export function findingsOf(param: Param<unknown>, name = ''): Finding[] {
  const { without, inside = {} } = param
  if (without !== undefined) {
    return [{ name, cosmetic: 'cosmetic' in without ? without.cosmetic : null }]
  }
  const { fields = {}, anyOf = [], entries } = inside
  return [
    ...Object.entries(fields).flatMap(([key, field]) =>
      findingsOf(field, name === '' ? key : `${name}[${key}]`),
    ),
    ...anyOf.flatMap((one) => findingsOf(one, name)),
    ...(entries === undefined ? [] : findingsOf(entries, `${name}[]`)),
  ]
}

/** The document of all parameters that are gaps or cosmetic. */
export function parameterTable(endpoints: readonly Endpoint[]): string {
  const sections = endpoints.flatMap(({ method, path, params }) => {
    const found = findingsOf(params)
    return found.length === 0 ? [] : [`### ${method} ${path}`, '', ...sectionOf(found), '']
  })
  return [
    '# Parameters that are rejected or only cosmetic',
    '',
    'Every parameter of the `stripe` package that is not named here takes effect. This file is written from the code by',
    '`npx vitest run packages/stripe-emulator/test/parameters.test.ts -u`.',
    '',
    '- **Rejected**: a 400 whose message begins with `stripe-emulator` and names the parameter.',
    '- **Cosmetic**: accepted without an effect, for the reason given.',
    '',
    ...sections,
  ].join('\n')
}

function sectionOf(found: readonly Finding[]): string[] {
  const rejected = unique(found.filter(({ cosmetic }) => cosmetic === null))
  const cosmetic = unique(found.filter((one) => one.cosmetic !== null))
  return [
    ...(rejected.length === 0
      ? []
      : [`- Rejected: ${rejected.map(({ name }) => `\`${name}\``).join(', ')}`]),
    ...cosmetic.map(({ name, cosmetic: why }) => `- Cosmetic: \`${name}\` – ${why}`),
  ]
}

function unique(found: readonly Finding[]): Finding[] {
  return [...new Map(found.map((one) => [one.name, one])).values()]
}
