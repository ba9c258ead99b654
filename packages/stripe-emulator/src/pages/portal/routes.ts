import type { Context } from '../../core/context.ts'
import type { Subscription } from '../../documents.ts'
import { cancelInPortal, ownSubscription, resumeInPortal } from '../../resources/portal/actions.ts'
import type { Portal } from '../../resources/portal/session.ts'
import { logIn, requireLogin, requirePortal } from '../../resources/portal/session.ts'
import type { PlanChange } from '../../resources/portal/switch.ts'
import { switchInPortal } from '../../resources/portal/switch.ts'
import { updateCustomerInPortal } from '../../resources/portal/update-customer.ts'
import { EMPTY_CARD } from '../card-form.ts'
import type { PageRequest, PageResponse, PageServer } from '../page-server.ts'
import { errorText } from '../page-server.ts'
import { serveCards } from './card-routes.ts'
import { cardPage, detailsPage, loginPage, readDetails } from './customer-pages.ts'
import { portalPage } from './home.ts'
import { cancelPage, confirmPage, donePage, switchPage } from './plan-pages.ts'

const PATH = '/p/session/:token'

/** Shows a page of a portal. */
export type Show = (ctx: Context, portal: Portal, base: string) => string

/** The pages of the customer portal and their actions. */
export function servePortal(server: PageServer): void {
  const show = (request: PageRequest, page: Show): PageResponse =>
    server.run((ctx) => {
      const base = baseOf(request)
      return { body: page(ctx, requirePortal(ctx, base), base) }
    })
  server.get(PATH, (request) => show(request, firstPage))
  server.get(`${PATH}/home`, (request) => show(request, portalPage))
  server.get(`${PATH}/done`, (request) => show(request, (_ctx, portal) => donePage(portal)))
  serveActions(server, show)
  serveCards(server, { show, path: PATH, baseOf, afterAction })
  serveLogin(server)
}

function baseOf(request: PageRequest): string {
  return `/p/session/${request.path['token'] ?? ''}`
}

/** The step of the session's flow, or the page with everything. */
function firstPage(ctx: Context, portal: Portal, base: string): string {
  const { flow } = portal.session
  if (flow === null) return portalPage(ctx, portal, base)
  const about = (id: string) => ({
    subscription: ownSubscription(ctx, portal, id),
    base,
    error: null,
  })
  if (flow.subscription_cancel !== null) {
    return cancelPage(ctx, portal, about(flow.subscription_cancel.subscription))
  }
  if (flow.subscription_update !== null) {
    return switchPage(ctx, portal, about(flow.subscription_update.subscription))
  }
  if (flow.subscription_update_confirm !== null) {
    return confirmPage(ctx, portal, about(flow.subscription_update_confirm.subscription))
  }
  if (flow.type === 'customer_update') return detailsPage(portal, base, null)
  return cardPage(portal, base, { typed: EMPTY_CARD, error: null })
}

/** Where the browser goes after an action: as the session's flow says, else back to the first page. */
function afterAction(portal: Portal, base: string): string {
  const { flow } = portal.session
  if (flow === null) return base
  const { type, redirect } = flow.after_completion
  if (type === 'redirect' && redirect !== null) return redirect.return_url
  return type === 'hosted_confirmation' ? `${base}/done` : `${base}/home`
}

interface Action {
  name: string
  page: (ctx: Context, portal: Portal, about: About) => string
  act: (ctx: Context, portal: Portal, request: PageRequest) => void
}

interface About {
  subscription: Subscription
  base: string
  error: string | null
}

const ACTIONS: readonly Action[] = [
  {
    name: 'cancel',
    page: cancelPage,
    act: (ctx, portal, { query, form }) =>
      cancelInPortal(ctx, portal, {
        subscription: query['subscription'] ?? '',
        feedback: typed(form, 'feedback'),
        comment: typed(form, 'comment'),
      }),
  },
  {
    name: 'update',
    page: (ctx, portal, about) =>
      portal.session.flow?.subscription_update_confirm == null
        ? switchPage(ctx, portal, about)
        : confirmPage(ctx, portal, about),
    act: (ctx, portal, request) => switchInPortal(ctx, portal, changeOf(request)),
  },
]

function typed(form: Record<string, unknown>, name: string): string | null {
  const value = form[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function changeOf({ query, form }: PageRequest): PlanChange {
  const quantity = typed(form, 'quantity')
  return {
    subscription: query['subscription'] ?? '',
    price: typed(form, 'price') ?? undefined,
    quantity: quantity === null ? undefined : Number(quantity),
  }
}

function serveActions(
  server: PageServer,
  show: (request: PageRequest, page: Show) => PageResponse,
): void {
  const act = (
    request: PageRequest,
    work: (ctx: Context, portal: Portal) => void,
  ): PageResponse => {
    const base = baseOf(request)
    return server.run((ctx) => {
      const portal = requirePortal(ctx, base)
      work(ctx, portal)
      return { location: afterAction(portal, base) }
    })
  }
  for (const { name, page, act: work } of ACTIONS) {
    const read = (request: PageRequest, error: string | null) =>
      show(request, (ctx, portal, base) => {
        const subscription = ownSubscription(ctx, portal, request.query['subscription'] ?? '')
        return page(ctx, portal, { subscription, base, error })
      })
    server.get(`${PATH}/${name}`, (request) => read(request, null))
    server.post(`${PATH}/${name}`, (request) => {
      try {
        return act(request, (ctx, portal) => work(ctx, portal, request))
      } catch (error) {
        return { ...read(request, errorText(error)), status: statusOf(error) }
      }
    })
  }
  server.post(`${PATH}/resume`, (request) =>
    act(request, (ctx, portal) => resumeInPortal(ctx, portal, request.query['subscription'] ?? '')),
  )
  const details = (request: PageRequest, error: string | null) =>
    show(request, (_ctx, portal, base) => detailsPage(portal, base, error))
  server.get(`${PATH}/details`, (request) => details(request, null))
  server.post(`${PATH}/details`, (request) => {
    try {
      return act(request, (ctx, portal) =>
        updateCustomerInPortal(ctx, portal, readDetails(request.form)),
      )
    } catch (error) {
      return { ...details(request, errorText(error)), status: statusOf(error) }
    }
  })
}

function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'status' in error
    ? Number(error.status)
    : 400
}

function serveLogin(server: PageServer): void {
  const path = '/p/login/:token'
  const show = (request: PageRequest, error: string | null): PageResponse =>
    server.run((ctx) => {
      const at = `/p/login/${request.path['token'] ?? ''}`
      requireLogin(ctx, `${ctx.settings.baseUrl}${at}`)
      return { status: error === null ? 200 : 400, body: loginPage(at, error) }
    })
  server.get(path, (request) => show(request, null))
  server.post(path, (request) => {
    const email = typed(request.form, 'email') ?? ''
    try {
      const session = server.run((ctx) =>
        logIn(ctx, `${ctx.settings.baseUrl}/p/login/${request.path['token'] ?? ''}`, email),
      )
      return { location: new URL(session.url).pathname }
    } catch (error) {
      return show(request, errorText(error))
    }
  })
}
