import { addCardInPortal, authenticateCardInPortal } from '../../resources/portal/actions.ts'
import type { Portal } from '../../resources/portal/session.ts'
import { requirePortal } from '../../resources/portal/session.ts'
import { authenticatePage } from '../authenticate-page.ts'
import type { CardInput } from '../card-form.ts'
import { EMPTY_CARD, readCard, readCardInput } from '../card-form.ts'
import type { PageRequest, PageResponse, PageServer } from '../page-server.ts'
import { errorText } from '../page-server.ts'
import { cardPage } from './customer-pages.ts'
import type { Show } from './routes.ts'

const AUTHENTICATION_FAILED =
  'We are unable to authenticate your payment method. Please choose a different one.'

interface Routes {
  path: string
  show: (request: PageRequest, page: Show) => PageResponse
  baseOf: (request: PageRequest) => string
  afterAction: (portal: Portal, base: string) => string
}

/** The form for a new card, and its 3-D Secure step. */
export function serveCards(server: PageServer, routes: Routes): void {
  const { path, show, baseOf, afterAction } = routes
  const form = (request: PageRequest, shown: { typed: CardInput; error: string | null }) => ({
    ...show(request, (_ctx, portal, base) => cardPage(portal, base, shown)),
    status: shown.error === null ? 200 : 402,
  })
  server.get(`${path}/card`, (request) => form(request, { typed: EMPTY_CARD, error: null }))
  server.post(`${path}/card`, (request) => {
    const base = baseOf(request)
    try {
      return server.run((ctx) => {
        const portal = requirePortal(ctx, base)
        const waiting = addCardInPortal(ctx, portal, readCard(request.form))
        return {
          location: waiting === null ? afterAction(portal, base) : `${base}/3ds/${waiting}`,
        }
      })
    } catch (error) {
      return form(request, { typed: readCardInput(request.form), error: errorText(error) })
    }
  })
  const step = `${path}/3ds/:method`
  server.get(step, (request) =>
    show(request, (_ctx, _portal, base) =>
      authenticatePage(`${base}/3ds/${request.path['method'] ?? ''}`, null),
    ),
  )
  server.post(step, (request) => {
    if (request.form['result'] !== 'complete') {
      return form(request, { typed: EMPTY_CARD, error: AUTHENTICATION_FAILED })
    }
    const base = baseOf(request)
    return server.run((ctx) => {
      const portal = requirePortal(ctx, base)
      authenticateCardInPortal(ctx, portal, request.path['method'] ?? '')
      return { location: afterAction(portal, base) }
    })
  })
}
