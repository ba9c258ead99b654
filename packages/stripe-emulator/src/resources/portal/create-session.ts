import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { longId, token } from '../../core/ids.ts'
import type { PortalConfiguration, PortalSession } from '../../documents.ts'
import { pageUrl } from '../../http/params/limits.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { oneOf, required, text, unsupported } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { requireConfiguration, requireDefaultConfiguration } from './configuration/configuration.ts'
import { flowOf } from './flows/flow.ts'
import { flowData } from './flows/flow-params.ts'

const LOCALES = [
  ...['auto', 'bg', 'cs', 'da', 'de', 'el', 'en', 'en-AU', 'en-CA', 'en-GB', 'en-IE', 'en-IN'],
  ...['en-NZ', 'en-SG', 'es', 'es-419', 'et', 'fi', 'fil', 'fr', 'fr-CA', 'hr', 'hu', 'id', 'it'],
  ...['ja', 'ko', 'lt', 'lv', 'ms', 'mt', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl'],
  ...['sv', 'th', 'tr', 'vi', 'zh', 'zh-HK', 'zh-TW'],
]

export const createSessionParams = shape({
  after_expiration: unsupported,
  configuration: text,
  customer: required(text),
  customer_account: unsupported,
  flow_data: flowData,
  locale: oneOf(...LOCALES),
  on_behalf_of: unsupported,
  return_url: pageUrl,
})

/** Creates a session of the portal; its page is at `url`. Throws 400 for a flow that its configuration does not allow. */
export function createSession(
  ctx: Context,
  params: ValueOf<typeof createSessionParams>,
): PortalSession {
  const customer = requireCustomer(ctx, params.customer, 'customer')
  const configuration = configurationOf(ctx, params.configuration)
  const flow =
    params.flow_data === undefined
      ? null
      : flowOf(ctx, params.flow_data, { customer: customer.id, configuration })
  return openPortal(ctx, {
    configuration,
    customer: customer.id,
    flow,
    locale: params.locale ?? null,
    return_url: params.return_url ?? configuration.default_return_url,
  })
}

function configurationOf(ctx: Context, id: string | undefined): PortalConfiguration {
  if (id === undefined) return requireDefaultConfiguration(ctx)
  const found = requireConfiguration(ctx, id, 'configuration')
  if (found.active) return found
  throw invalidRequest(`The configuration \`${id}\` is not active.`, { param: 'configuration' })
}

/** Stores a session and sends its event. */
export function openPortal(
  ctx: Context,
  of: Pick<PortalSession, 'customer' | 'flow' | 'locale' | 'return_url'> & {
    configuration: PortalConfiguration
  },
): PortalSession {
  const session = ctx.store.put('portal_sessions', {
    ...of,
    id: longId('bps'),
    object: 'billing_portal.session',
    configuration: of.configuration.id,
    created: ctx.now,
    customer_account: null,
    livemode: false,
    on_behalf_of: null,
    url: `${ctx.settings.baseUrl}/p/session/test_${token(43)}`,
  })
  ctx.emit('billing_portal.session.created', session)
  return session
}
