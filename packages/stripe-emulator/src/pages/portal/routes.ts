import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Subscription } from '../../documents.ts'
import {
  addCardInPortal,
  authenticateCardInPortal,
  cancelInPortal,
  resumeInPortal,
  switchInPortal,
} from '../../resources/portal/actions.ts'
import type { Portal } from '../../resources/portal/session.ts'
import { portalSubscriptions, requirePortal } from '../../resources/portal/session.ts'
import { authenticatePage } from '../authenticate-page.ts'
import { EMPTY_CARD, readCard, readCardInput } from '../card-form.ts'
import type { PageRequest, PageResponse, PageServer } from '../page-server.ts'
import { errorText } from '../page-server.ts'
import { cancelPage, cardPage, portalPage, switchPage } from './pages.ts'

const PATH = '/p/session/:token'

/** The pages of the customer portal and their actions. */
export function servePortal(server: PageServer): void {
  const read = (
    request: PageRequest,
    show: (ctx: Context, portal: Portal) => string,
  ): PageResponse => server.run((ctx) => ({ body: show(ctx, requirePortal(ctx, baseOf(request))) }))
  const change = (
    request: PageRequest,
    work: (ctx: Context, portal: Portal) => void,
  ): PageResponse => {
    server.run((ctx) => work(ctx, requirePortal(ctx, baseOf(request))))
    return { location: baseOf(request) }
  }

  server.get(PATH, (request) =>
    read(request, (ctx, portal) => portalPage(ctx, portal, baseOf(request))),
  )
  server.get(`${PATH}/cancel`, (request) =>
    read(request, (ctx, portal) =>
      cancelPage(ctx, subscriptionOf(ctx, portal, request), baseOf(request)),
    ),
  )
  server.post(`${PATH}/cancel`, (request) =>
    change(request, (ctx, portal) =>
      cancelInPortal(ctx, portal, request.query['subscription'] ?? ''),
    ),
  )
  server.post(`${PATH}/resume`, (request) =>
    change(request, (ctx, portal) =>
      resumeInPortal(ctx, portal, request.query['subscription'] ?? ''),
    ),
  )
  serveSwitch(server, { read, change })
  serveCards(server, { read, change })
}

function baseOf(request: PageRequest): string {
  return `/p/session/${request.path['token'] ?? ''}`
}

function subscriptionOf(ctx: Context, portal: Portal, request: PageRequest): Subscription {
  const found = portalSubscriptions(ctx, portal).find(
    (subscription) => subscription.id === request.query['subscription'],
  )
  if (found === undefined) throw invalidRequest('There is no such plan.')
  return found
}

interface Handlers {
  read: (request: PageRequest, show: (ctx: Context, portal: Portal) => string) => PageResponse
  change: (request: PageRequest, work: (ctx: Context, portal: Portal) => void) => PageResponse
}

function serveSwitch(server: PageServer, { read, change }: Handlers): void {
  const show = (request: PageRequest, error: string | null) =>
    read(request, (ctx, portal) =>
      switchPage(ctx, portal, {
        subscription: subscriptionOf(ctx, portal, request),
        base: baseOf(request),
        error,
      }),
    )
  server.get(`${PATH}/update`, (request) => show(request, null))
  server.post(`${PATH}/update`, (request) => {
    const price = String(request.form['price'] ?? '')
    const subscription = request.query['subscription'] ?? ''
    try {
      return change(request, (ctx, portal) => switchInPortal(ctx, portal, { subscription, price }))
    } catch (error) {
      return { ...show(request, errorText(error)), status: 402 }
    }
  })
}

function serveCards(server: PageServer, { read, change }: Handlers): void {
  server.get(`${PATH}/card`, (request) =>
    read(request, () => cardPage(baseOf(request), { typed: EMPTY_CARD, error: null })),
  )
  server.post(`${PATH}/card`, (request) => {
    const base = baseOf(request)
    try {
      const waiting = server.run((ctx) =>
        addCardInPortal(ctx, requirePortal(ctx, base), readCard(request.form)),
      )
      return { location: waiting === null ? base : `${base}/3ds/${waiting}` }
    } catch (error) {
      const form = { typed: readCardInput(request.form), error: errorText(error) }
      return { status: 402, body: cardPage(base, form) }
    }
  })
  const step = `${PATH}/3ds/:method`
  server.get(step, (request) =>
    read(request, () =>
      authenticatePage(`${baseOf(request)}/3ds/${request.path['method'] ?? ''}`, null),
    ),
  )
  server.post(step, (request) => {
    if (request.form['result'] === 'complete') {
      return change(request, (ctx, portal) =>
        authenticateCardInPortal(ctx, portal, request.path['method'] ?? ''),
      )
    }
    const error =
      'We are unable to authenticate your payment method. Please choose a different one.'
    return { status: 402, body: cardPage(baseOf(request), { typed: EMPTY_CARD, error }) }
  })
}
