import { dayOf } from './version.ts'

type Params = Record<string, unknown>

/** How a parameter was named or written in API versions before a day. */
interface OlderParam {
  before: string
  route: RegExp
  read: (params: Params) => Params
}

const UI_MODES: Readonly<Record<string, string>> = {
  hosted: 'hosted_page',
  embedded: 'embedded_page',
}

const olderParams: readonly OlderParam[] = [
  {
    before: '2026-09-30',
    route: /^POST \/v1\/subscriptions\/[^/]+(\/resume)?$/,
    read: ({ billing_cycle_anchor: anchor, ...rest }) => ({
      ...rest,
      ...(anchor !== undefined && {
        billing_cycle_anchor: typeof anchor === 'string' ? { type: anchor } : anchor,
      }),
    }),
  },
  {
    before: '2026-03-25',
    route: /^POST \/v1\/checkout\/sessions$/,
    read: (params) => {
      const mode = UI_MODES[String(params['ui_mode'])]
      return mode === undefined ? params : { ...params, ui_mode: mode }
    },
  },
]

/** Converts the parameters of a request from its version to the pinned one. */
export function fromVersion(
  request: { method: string; path: string; params: Params },
  version: string,
): Params {
  const route = `${request.method} ${request.path}`
  return olderParams
    .filter((older) => dayOf(version) < older.before && older.route.test(route))
    .reduce((params, { read }) => read(params), request.params)
}
