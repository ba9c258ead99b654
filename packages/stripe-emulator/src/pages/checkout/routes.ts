import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { CheckoutSession } from '../../documents.ts'
import { authenticateCheckout, payCheckout } from '../../resources/checkout/complete/complete.ts'
import { recoverSession } from '../../resources/checkout/expire.ts'
import {
  addOptionalItem,
  changeQuantity,
  removeOptionalItem,
} from '../../resources/checkout/order/adjust.ts'
import {
  applyPromotionCode,
  removePromotionCode,
} from '../../resources/checkout/order/promotion.ts'
import { taxAddress } from '../../resources/checkout/order/tax-address.ts'
import { completionUrl, requireSession } from '../../resources/checkout/session.ts'
import { authenticatePage } from '../authenticate-page.ts'
import type { PageRequest, PageResponse, PageServer } from '../page-server.ts'
import { errorText } from '../page-server.ts'
import type { Typed } from './fields.ts'
import type { Form } from './page.ts'
import { checkoutOverPage, checkoutPage } from './page.ts'
import { readInput, readPayer } from './read-form.ts'

const PATH = '/c/pay/:id'
const AUTHENTICATION_FAILED =
  'We are unable to authenticate your payment method. Please choose a different payment method and try again.'

/** The pages of Checkout: the form, the 3-D Secure step, and the page of a session that has ended. */
export function serveCheckout(server: PageServer): void {
  const show = (id: string, form: Form): PageResponse =>
    server.run((ctx) => {
      const session = requireSession(ctx, id)
      const status = form.error === null ? 200 : 402
      const framed = session.ui_mode === 'embedded_page'
      if (session.status === 'open') {
        return { status, body: checkoutPage(ctx, session, form), framed }
      }
      const over = session.status === 'expired' ? 410 : 200
      return { status: over, body: checkoutOverPage(session), framed }
    })
  const done = (session: CheckoutSession): PageResponse => ({
    location: completionUrl(session) ?? pageOf(session.id),
  })

  server.get(PATH, (request) => show(idOf(request), { typed: {}, error: null }))
  server.post(PATH, (request) => {
    const id = idOf(request)
    const { form } = request
    try {
      const { step, session } = server.run((ctx) =>
        payCheckout(ctx, id, readPayer(ctx, requireSession(ctx, id), form)),
      )
      return step === 'complete' ? done(session) : { location: `${pageOf(id)}/3ds` }
    } catch (error) {
      return show(id, { typed: form, error: errorText(error) })
    }
  })
  serveChanges(server, show)
  serveAuthentication(server, { show, done })
  server.get('/c/recover/:id/:token', ({ path }) => {
    const { id = '', token = '' } = path
    const copy = server.run((ctx) =>
      recoverSession(ctx, id, `${ctx.settings.baseUrl}/c/recover/${id}/${token}`),
    )
    return { location: pageOf(copy.id) }
  })
}

function idOf({ path }: PageRequest): string {
  return path['id'] ?? ''
}

function pageOf(id: string): string {
  return `/c/pay/${id}`
}

type Show = (id: string, form: Form) => PageResponse

/** The changes of the order that the buyer can make. */
function serveChanges(server: PageServer, show: Show): void {
  const change = (
    path: string,
    work: (ctx: Context, id: string, form: Typed) => CheckoutSession,
  ): void => {
    server.post(`${PATH}/${path}`, (request) => {
      const id = idOf(request)
      try {
        server.run((ctx) => work(ctx, id, request.form))
        return { location: pageOf(id) }
      } catch (error) {
        const text = errorText(error)
        const form: Form =
          path === 'promotion'
            ? { typed: request.form, error: null, codeError: text }
            : { typed: {}, error: text }
        return { ...show(id, form), status: 400 }
      }
    })
  }
  server.post(`${PATH}/tax`, (request) => {
    const id = idOf(request)
    const { form } = request
    try {
      server.run((ctx) => taxAddress(ctx, id, readInput(ctx, requireSession(ctx, id), form)))
      return show(id, { typed: form, error: null })
    } catch (error) {
      return { ...show(id, { typed: form, error: errorText(error) }), status: 400 }
    }
  })
  change('quantity', (ctx, id, form) => {
    const quantity = Number(form['quantity'])
    return changeQuantity(ctx, id, { item: String(form['item'] ?? ''), quantity })
  })
  change('optional', (ctx, id, form) => {
    const index = Number(form['index'])
    if (form['do'] === 'remove') return removeOptionalItem(ctx, id, index)
    return addOptionalItem(ctx, id, index)
  })
  change('promotion', (ctx, id, form) => {
    if (form['do'] === 'remove') return removePromotionCode(ctx, id)
    return applyPromotionCode(ctx, id, String(form['promotionCode'] ?? ''))
  })
}

function serveAuthentication(
  server: PageServer,
  { show, done }: { show: Show; done: (session: CheckoutSession) => PageResponse },
): void {
  const step = `${PATH}/3ds`
  server.get(step, (request) => {
    const session = server.run((ctx) => requireSession(ctx, idOf(request)))
    if (session.status !== 'open') return { location: pageOf(session.id) }
    const total = session.amount_total
    const amount = total === null ? null : formatMoney(total, session.currency ?? 'usd')
    return { body: authenticatePage(`${pageOf(session.id)}/3ds`, amount) }
  })
  server.post(step, (request) => {
    const id = idOf(request)
    if (request.form['result'] !== 'complete') {
      return show(id, { typed: {}, error: AUTHENTICATION_FAILED })
    }
    try {
      return done(server.run((ctx) => authenticateCheckout(ctx, id)))
    } catch (error) {
      return show(id, { typed: {}, error: errorText(error) })
    }
  })
}
