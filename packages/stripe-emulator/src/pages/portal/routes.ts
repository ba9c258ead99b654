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
import type { PageAnswer, Site, Visit } from '../site.ts'
import { refusalText } from '../site.ts'
import { cancelPage, cardPage, portalPage, switchPage } from './pages.ts'

const PATH = '/p/session/:token'

/** The portal's pages and what can be done on them. */
export function servePortal(site: Site): void {
  const read = (visit: Visit, show: (ctx: Context, portal: Portal) => string): PageAnswer =>
    site.run((ctx) => ({ body: show(ctx, requirePortal(ctx, baseOf(visit))) }))
  const change = (visit: Visit, work: (ctx: Context, portal: Portal) => void): PageAnswer => {
    site.run((ctx) => work(ctx, requirePortal(ctx, baseOf(visit))))
    return { location: baseOf(visit) }
  }

  site.get(PATH, (visit) => read(visit, (ctx, portal) => portalPage(ctx, portal, baseOf(visit))))
  site.get(`${PATH}/cancel`, (visit) =>
    read(visit, (ctx, portal) => cancelPage(ctx, chosen(ctx, portal, visit), baseOf(visit))),
  )
  site.post(`${PATH}/cancel`, (visit) =>
    change(visit, (ctx, portal) => cancelInPortal(ctx, portal, visit.query['subscription'] ?? '')),
  )
  site.post(`${PATH}/resume`, (visit) =>
    change(visit, (ctx, portal) => resumeInPortal(ctx, portal, visit.query['subscription'] ?? '')),
  )
  serveSwitch(site, { read, change })
  serveCards(site, { read, change })
}

function baseOf(visit: Visit): string {
  return `/p/session/${visit.path['token'] ?? ''}`
}

function chosen(ctx: Context, portal: Portal, visit: Visit): Subscription {
  const found = portalSubscriptions(ctx, portal).find(
    (subscription) => subscription.id === visit.query['subscription'],
  )
  if (found === undefined) throw invalidRequest('There is no such plan.')
  return found
}

interface Ways {
  read: (visit: Visit, show: (ctx: Context, portal: Portal) => string) => PageAnswer
  change: (visit: Visit, work: (ctx: Context, portal: Portal) => void) => PageAnswer
}

function serveSwitch(site: Site, { read, change }: Ways): void {
  const show = (visit: Visit, error: string | null) =>
    read(visit, (ctx, portal) =>
      switchPage(ctx, portal, {
        subscription: chosen(ctx, portal, visit),
        base: baseOf(visit),
        error,
      }),
    )
  site.get(`${PATH}/update`, (visit) => show(visit, null))
  site.post(`${PATH}/update`, (visit) => {
    const price = String(visit.form['price'] ?? '')
    const subscription = visit.query['subscription'] ?? ''
    try {
      return change(visit, (ctx, portal) => switchInPortal(ctx, portal, { subscription, price }))
    } catch (error) {
      return { ...show(visit, refusalText(error)), status: 402 }
    }
  })
}

function serveCards(site: Site, { read, change }: Ways): void {
  site.get(`${PATH}/card`, (visit) =>
    read(visit, () => cardPage(baseOf(visit), { typed: EMPTY_CARD, error: null })),
  )
  site.post(`${PATH}/card`, (visit) => {
    const base = baseOf(visit)
    try {
      const waiting = site.run((ctx) =>
        addCardInPortal(ctx, requirePortal(ctx, base), readCard(visit.form)),
      )
      return { location: waiting === null ? base : `${base}/3ds/${waiting}` }
    } catch (error) {
      const form = { typed: readCardInput(visit.form), error: refusalText(error) }
      return { status: 402, body: cardPage(base, form) }
    }
  })
  const step = `${PATH}/3ds/:method`
  site.get(step, (visit) =>
    read(visit, () => authenticatePage(`${baseOf(visit)}/3ds/${visit.path['method'] ?? ''}`, null)),
  )
  site.post(step, (visit) => {
    if (visit.form['result'] === 'complete') {
      return change(visit, (ctx, portal) =>
        authenticateCardInPortal(ctx, portal, visit.path['method'] ?? ''),
      )
    }
    const error =
      'We are unable to authenticate your payment method. Please choose a different one.'
    return { status: 402, body: cardPage(baseOf(visit), { typed: EMPTY_CARD, error }) }
  })
}
