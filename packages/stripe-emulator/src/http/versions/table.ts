import type { FieldChange, ParamChange, RouteChange } from './change.ts'
import { discountParamRows, discountRows } from './rows/discounts.ts'
import { invoicesRows } from './rows/invoices.ts'
import { paramRows } from './rows/params.ts'
import { paymentRows } from './rows/payments.ts'
import { routeRows, upcomingRows } from './rows/routes.ts'
import { subscriptionRows } from './rows/subscriptions.ts'

/** Everything that differs between API versions, as far as it is emulated. Newest changes need no row. */
export const versionTable: {
  fields: readonly FieldChange[]
  params: readonly ParamChange[]
  routes: readonly RouteChange[]
} = {
  fields: [...subscriptionRows, ...invoicesRows, ...paymentRows, ...discountRows],
  params: [...paramRows, ...upcomingRows, ...discountParamRows],
  routes: routeRows,
}

/** The table as Markdown, newest first. */
export function versionTableText(): string {
  const rows = [
    ...versionTable.fields.map((row) => ({ ...row, where: row.object, name: row.field })),
    ...versionTable.params.map((row) => ({ ...row, where: row.route, name: row.param })),
    ...versionTable.routes.map((row) => ({ ...row, where: row.route, name: '' })),
  ]
  const lines = rows
    .sort((a, b) => b.since.localeCompare(a.since))
    .map(({ since, where, name, how }) => {
      const field = name === '' ? '(only in older versions)' : `\`${name}\``
      return `| ${since} | \`${where}\` | ${field} | ${how} |`
    })
  const head = [
    '| changed in | object or route | field or parameter | before |',
    '|---|---|---|---|',
  ]
  return [...head, ...lines].join('\n')
}
